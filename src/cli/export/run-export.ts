import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UserError } from '../../base/errors.js';
import { foldersUpwards } from '../../base/folders.js';
import { enumerate } from '../../base/wording.js';
import { GitIgnore } from '../../config/gitignore.js';
import type { Engine, ExportedApp } from '../../export/app.js';
import { DEFAULT_OUT, exportApp } from '../../export/export-app.js';
import type { ExportFile } from '../../export/files.js';
import type { ExportFlags } from '../commands/export.js';
import { folded, note, print, say } from '../output.js';
import { warningsOf } from '../start/read-files.js';
import { copiedSecrets } from './own-image.js';
import { placesOf } from './places.js';
import { readAppToExport } from './read-app.js';
import { type Written, writeExport } from './write-files.js';

/**
 * Writes the files, and says which.
 * @throws UserError `NO_PORT`, and as `readAppToExport`, `exportApp`, `placesOf` and `writeExport`
 */
export async function runExport(engine: Engine, flags: ExportFlags): Promise<void> {
  if (engine === 'kubernetes' && flags.port !== undefined)
    throw new UserError(
      'NO_PORT',
      '--port means nothing on Kubernetes, where the app answers at a host name',
      'Name that: --host NAME.',
    );
  const { app, dir, base, problems, warnings } = await readAppToExport(flags);
  const out = flags.out === undefined ? join(base, DEFAULT_OUT[engine]) : resolve(flags.out);
  const places = placesOf(dir, out);
  const files = exportApp(app, engine, places);
  const written = writeExport(out, files, flags.force === true);
  for (const [path, what] of written) print(`${SAID[what]} ${shown(join(out, path))}`);
  process.stderr.write(folded(warningsOf(problems)));
  const copied = app.source.from === 'own' ? copiedSecrets(dir, app, places) : [];
  for (const line of [...warnings, ...copied, ...templates(engine, app), ...exposed(out, files)])
    note(`dynosim: ${line}`);
  say(`The commands to run it are in ${shown(join(out, 'README.md'))}`);
}

const SAID: Readonly<Record<Written, string>> = {
  wrote: 'Wrote',
  kept: 'Kept, because it was edited:',
  removed: 'Removed',
  left: 'Left, because it was edited, though nothing uses it now:',
};

/** Values that Swarm would change. https://docs.docker.com/reference/cli/docker/service/create/#create-services-using-templates */
function templates(engine: Engine, { configVars }: ExportedApp): readonly string[] {
  if (engine !== 'compose') return [];
  const changed = [...configVars].filter(([, value]) => value.includes('{{')).map(([key]) => key);
  return changed.map(
    (key) => `Swarm takes the {{ in ${key} for a template: write {{"{{"}} in its place in config.env.`,
  );
}

/** Secrets that git would take. */
function exposed(out: string, files: readonly ExportFile[]): readonly string[] {
  const repository = foldersUpwards(out).find((folder) => existsSync(join(folder, '.git')));
  if (repository === undefined) return [];
  const rules = new GitIgnore(repository);
  const taken = files.filter(({ isSecret, path }) => isSecret && !rules.leavesOut(join(out, path)));
  const patterns = new Set(taken.map(({ path }) => (path.endsWith('.env') ? '*.env' : 'config/')));
  if (patterns.size === 0) return [];
  return [`git would take the passwords in ${shown(out)}: add ${enumerate([...patterns])} to .gitignore.`];
}

function shown(path: string): string {
  return relative(process.cwd(), path) || '.';
}
