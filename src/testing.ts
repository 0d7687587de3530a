/**
 * dynosim for tests, with any test runner:
 *
 * ```js
 * import { startApp } from 'dynosim/testing';
 * await using app = await startApp({ dir: 'my-app' });
 * ```
 */
import type { TestAppOptions } from './testing/options.js';
import { startTestApp } from './testing/start.js';
import type { TestApp } from './testing/test-app.js';

export type { DynoJson } from './apps/dyno-json.js';
export type { ReportView } from './apps/sleep/views.js';
export { UserError } from './base/errors.js';
export type { Duration, TestAppOptions } from './testing/options.js';
export type { KillSignal, RunResult, TestApp, TestLogEntry } from './testing/test-app.js';

/**
 * Runs the app in a folder in this process, until it is stopped or the process ends. Prints nothing, and writes nothing
 * into the app's folder. Resolves when every dyno is up.
 * @throws UserError `BAD_OPTION`, `DYNO_CRASHED`, `ABORTED`, or about an invalid Procfile or env file
 */
export function startApp(options: TestAppOptions): Promise<TestApp> {
  return startTestApp(options, process);
}
