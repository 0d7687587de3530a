import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../base/clock.js';
import { errorMessage, UserError } from '../base/errors.js';
import { brief, formatProblem } from '../procfile/problem.js';
import type { App } from './app.js';
import { type AppSource, readSource, UnusableProcfile } from './source.js';
import { NamedFiles } from './watch/named-files.js';

/**
 * Deploys an app anew whenever its Procfile or env files change. A file that cannot be used changes nothing but
 * the log, which also tells what is odd in them since the last time. The result ends the watch.
 */
export function watchFiles(app: App, clock: Clock): () => Promise<void> {
  const watch = new NamedFiles(app.release.source.paths, clock, () => void redeploy(app));
  return () => watch.close();
}

async function redeploy(app: App): Promise<void> {
  try {
    await app.deploy(() => readAgain(app));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const warnings = error instanceof UnusableProcfile ? brief(error.warnings).shown : [];
    for (const warning of warnings) app.remark(formatProblem(warning));
    app.remark(`v${app.release.version} goes on, the change cannot be used: ${errorMessage(error)}`);
  }
}

/** What the files say now; what is no file (`-e <(command)`) can be read only once. */
function readAgain({ dir, files, release }: App): AppSource {
  const source = readSource(files);
  const kept = [...release.source.configVars].filter(([, { file }]) => isNoFile(resolve(dir, file)));
  return { ...source, configVars: new Map([...source.configVars, ...kept]) };
}

/** A pipe, a device. */
function isNoFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === false;
}
