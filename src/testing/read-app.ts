import { statSync } from 'node:fs';
import { readSlug } from '../apps/app-files.js';
import type { Slug } from '../apps/slug.js';
import { UserError } from '../base/errors.js';
import { realFolder } from '../base/folders.js';
import { quote } from '../base/wording.js';
import { readEnvFiles } from '../config/env-file.js';
import { DEFAULTS } from '../host/defaults.js';
import { fromConfig, StoreLayer, storeInMemory } from '../host/store/store-layer.js';
import { formatProcfile, type Procfile, parseProcfile } from '../procfile/parse.js';
import type { Problem } from '../procfile/problem.js';
import { ofOption, type TestAppSettings } from './options.js';

/** What an app under test runs, read once. */
export interface ReadApp {
  readonly slug: Slug;
  /** Kept in memory. */
  readonly layer: StoreLayer;
  /** Warnings only. */
  readonly problems: readonly Problem[];
}

/** @throws UserError about a folder, a Procfile or an env file that cannot be used, or about `processes` or `env` */
export async function readApp(settings: TestAppSettings): Promise<ReadApp> {
  const { processes, procfile, envFiles, env = {} } = settings;
  const dir = await ofOption('dir', () => existing(realFolder(settings.dir)));
  const source = processes
    ? { slug: { dir, processes: processesOf(processes) }, problems: [] }
    : await ofOption(procfile === undefined ? 'dir' : 'procfile', () =>
        readSlug({ dir, procfile: procfile ?? DEFAULTS.procfile }),
      );
  const files =
    envFiles === false ? undefined : await ofOption('envFiles', () => readEnvFiles(dir, envFiles));
  const layer = new StoreLayer(storeInMemory(fromConfig(files?.vars ?? new Map())));
  await ofOption('env', () => layer.write(new Map(Object.entries(env))));
  return { slug: source.slug, layer, problems: [...source.problems, ...(files?.problems ?? [])] };
}

/** @throws UserError `NO_SUCH_FOLDER` */
function existing(dir: string): string {
  if (statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return dir;
  throw new UserError('NO_SUCH_FOLDER', `There is no folder ${dir}`);
}

/** @throws UserError `BAD_OPTION` for what no Procfile could say */
function processesOf(commands: Readonly<Record<string, string>>): Procfile {
  const wanted = Object.entries(commands).map(([type, command]) => ({ type, command: command.trim() }));
  const { processes } = parseProcfile(formatProcfile(wanted));
  for (const { type, command } of wanted) {
    if (processes.get(type)?.command === command) continue;
    const hint = 'A type has letters, digits, - and _, and a command is one line.';
    throw new UserError('BAD_OPTION', `The option processes.${type} cannot be ${quote(command)}`, hint);
  }
  if (processes.size > 0) return processes;
  throw new UserError(
    'BAD_OPTION',
    'The option processes is empty',
    "Write for example { web: 'node web.js' }.",
  );
}
