import type { Clock } from '../base/clock.js';
import { errorMessage, UserError } from '../base/errors.js';
import { firstProblems, formatProblem } from '../procfile/problem.js';
import type { App } from './app.js';
import { type AppFiles, UnusableProcfile } from './app-files.js';
import { NamedFiles } from './watch/named-files.js';

/**
 * Redeploys an app whenever its Procfile or env files change, and logs new warnings. A file that cannot be used is
 * logged and changes nothing. The result ends the watch.
 */
export function watchFiles(app: App, files: AppFiles, clock: Clock): () => Promise<void> {
  const watch = new NamedFiles(files.paths, clock, () => void redeploy(app, files));
  return () => watch.close();
}

async function redeploy(app: App, files: AppFiles): Promise<void> {
  try {
    await app.releases.deploy(() => files.read((warning) => app.remark(warning)));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const warnings = error instanceof UnusableProcfile ? firstProblems(error.warnings).shown : [];
    for (const warning of warnings) app.remark(formatProblem(warning));
    app.remark(`keeping v${app.release.version}; the change was rejected: ${errorMessage(error)}`);
  }
}
