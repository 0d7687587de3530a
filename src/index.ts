/**
 * dynosim as a library: runs and controls an app, or a host with several apps.
 *
 * ```js
 * import { startApp } from 'dynosim';
 * const { app, url, stop } = await startApp('my-app');
 * ```
 */
import { resolve } from 'node:path';
import type { CheckReport } from './config/check/check-app.js';
import type { CheckSetup } from './config/check/check-folder.js';
import type { RunningApp, RunningHost, StartAppOptions, StartHostOptions } from './host/start-app.js';

export type { AppControl, EventsRequest, HostControl, HostEvent, HostView, Session } from './api/control.js';
export type { MetricsView, MetricsWindow } from './apps/metrics/views.js';
export type { ConfigChanges, DynoTarget, ExecRequest, LogFilter, RunRequest } from './apps/requests.js';
export type { QuotaView, ReportView } from './apps/sleep/views.js';
export type {
  AppView,
  ConfigVars,
  DynoView,
  FormationView,
  ReleaseChange,
  ReleaseView,
} from './apps/views.js';
export { UserError } from './base/errors.js';
export type { CheckReport } from './config/check/check-app.js';
export type { CheckSetup } from './config/check/check-folder.js';
export type {
  AppSetup,
  RunningApp,
  RunningHost,
  StartAppOptions,
  StartHostOptions,
} from './host/start-app.js';
export { herokuLine, type LogEntry, type LogSource, type RouterFacts } from './logs/entry.js';
export type { FormationChange } from './procfile/formation.js';
export { formatProblem, type Problem } from './procfile/problem.js';

/**
 * Runs the app in a folder, like `dynosim start`, but prints nothing. Resolves when its dynos are starting.
 * @throws UserError `ALREADY_RUNNING`, `RELEASE_FAILED`, or about an invalid Procfile or env file
 */
export async function startApp(options: string | StartAppOptions): Promise<RunningApp> {
  const { runApp } = await import('./host/start-app.js');
  return runApp(typeof options === 'string' ? { dir: options } : options, process.env);
}

/** Starts a host without apps. Its `startApp` adds one. */
export async function startHost(options: StartHostOptions = {}): Promise<RunningHost> {
  const { runHost } = await import('./host/start-app.js');
  return runHost(options, process.env);
}

/** Finds what is wrong with the files of the app in a folder, like `dynosim check`. Never throws. */
export async function checkApp(options: string | CheckSetup): Promise<CheckReport> {
  const { checkFolder } = await import('./config/check/check-folder.js');
  const setup = typeof options === 'string' ? { dir: options } : options;
  return checkFolder({ ...setup, dir: resolve(setup.dir) }, process.env);
}
