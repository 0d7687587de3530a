import { join, relative, resolve, sep } from 'node:path';
import { replaceFile } from '../../base/atomic-file.js';
import { realFolder } from '../../base/folders.js';
import { readEnvFiles } from '../../config/env-file.js';
import { openFolder } from '../../config/init/proposal.js';
import { resolveProcfile } from '../../config/resolve-procfile.js';
import type { Engine, ExportedApp } from '../../export/app.js';
import { exportApp } from '../../export/export-app.js';
import { nodeRecipe } from '../../export/image/node.js';
import type { ExportFlags } from '../commands/export.js';
import { appFolder } from '../connect.js';
import { print } from '../output.js';
import { formationOf, startOptions } from '../start/options.js';
import { startFlags } from '../start/rc-file.js';

/** Writes the files, and says which. */
export async function runExport(engine: Engine, flags: ExportFlags): Promise<void> {
  const dir = realFolder(appFolder(flags.dir));
  const out = flags.out === undefined ? join(dir, 'deploy', engine) : resolve(flags.out);
  const app = appOfFolder(dir, flags);
  const places = {
    context: posix(relative(out, dir)),
    dockerfile: posix(relative(dir, join(out, 'Dockerfile'))),
  };
  for (const { path, text, isSecret } of exportApp(app, places)) {
    replaceFile(join(out, path), text, isSecret ? 0o600 : 0o644);
    print(`Wrote ${relative(process.cwd(), join(out, path))}`);
  }
}

function posix(path: string): string {
  return path.split(sep).join('/');
}

function appOfFolder(dir: string, flags: ExportFlags): ExportedApp {
  const options = startOptions(startFlags(dir), dir, false);
  const { place, timeouts, memoryQuota, sleep } = options;
  const { processes } = resolveProcfile(dir, place.procfile);
  const formation = formationOf(processes, [], options);
  const release = processes.get('release')?.command;
  const folder = openFolder(dir);
  return {
    name: options.appName,
    processes: Array.from(formation, ([type, entry]) => ({
      type,
      command: processes.get(type)?.command ?? '',
      ...entry,
    })),
    ...(release !== undefined && { release }),
    configVars: new Map(
      Array.from(readEnvFiles(dir, place.envFiles).vars, ([key, { value }]) => [key, value]),
    ),
    addons: [],
    source: {
      from: 'recipe',
      recipe: nodeRecipe(folder),
      hasProfile: folder.has('.profile') || folder.has('.profile.d'),
      ignored: ['.git', '**/.env*', '**/node_modules', 'deploy'],
    },
    image: flags.image ?? options.appName,
    hosts: [flags.host ?? `${options.appName}.localhost`],
    sleepAfterMs: sleep.afterMs,
    timeouts,
    ...(memoryQuota !== undefined && { memoryQuota }),
    hasDynoMetadata: options.hasDynoMetadata,
  };
}
