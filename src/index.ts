/**
 * dynosim as a library: start a host, add apps to it, talk to them through the router or in code.
 *
 * ```js
 * import { AppFiles, LogBus, startContainment, startHost, systemTime } from 'dynosim';
 * ```
 */
export type { AppControl, HostControl, HostEvent, HostView } from './api/control.js';
export { App, type AppOptions, type Crash } from './apps/app.js';
export { AppFiles, type AppPlace } from './apps/app-files.js';
export { type Clock, PlatformClock, systemClock, systemTime, type Time } from './base/clock.js';
export { UserError } from './base/errors.js';
export { REAL_TIMEOUTS, type RealTimeouts } from './base/limits.js';
export { type CheckOptions, type CheckReport, checkApp } from './config/check/check-app.js';
export { type Containment, startContainment } from './dynos/contain/index.js';
export { Dyno, type DynoStatus } from './dynos/dyno.js';
export { Host, type HostOptions, startHost } from './host/host.js';
export { LogBus } from './logs/bus.js';
export { herokuLine, type LogEntry, type LogSource } from './logs/entry.js';
export { applyFormation, defaultFormation, type Formation, parseFormation } from './procfile/formation.js';
export { formatProcfile, type Procfile, parseProcfile } from './procfile/parse.js';
export { formatProblem, type Problem } from './procfile/problem.js';
