import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exportApp } from '../../src/export/export-app.js';
import { APPS } from '../helpers/exported-app.js';
import { makeFolder } from '../helpers/folder.js';
import { command } from './helpers/command.js';

/** Whether a program is here, and its help has some words: old ones print another help than is asked for. */
function isHere(words: string, program: string, ...args: readonly string[]): boolean {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' }).includes(words);
  } catch {
    return false;
  }
}

/** Programs that read exported files. None needs an engine. */
const hasSwarm = isHere('docker stack config', 'docker', 'stack', 'config', '--help');
const hasCompose = isHere('docker-compose', 'docker-compose', 'version');
const hasKustomize = isHere('kubectl kustomize', 'kubectl', 'kustomize', '--help');

describe.each(Object.entries(APPS))('the files of %s', (name, app) => {
  const folderOf = (engine: 'compose' | 'kubernetes'): string => {
    const places = { context: '../..', out: `deploy/${engine}` };
    const files = exportApp(app, engine, places).map(({ path, text }) => [`deploy/${engine}/${path}`, text]);
    return join(makeFolder(Object.fromEntries(files)), 'deploy', engine);
  };

  test.skipIf(!hasSwarm)('are read by Swarm, commands unchanged', async () => {
    const printed = await command('docker', [
      'stack',
      'config',
      '--compose-file',
      join(folderOf('compose'), 'compose.yaml'),
    ]);
    const { services } = parse(printed);
    const commands = Object.values<{ command: string[] }>(services).map((service) => service.command.at(-1));
    for (const process of app.processes) expect(commands).toContain(process.command);
  });

  // 1.29 has no `format: raw`.
  test.skipIf(!hasCompose || name.includes('awkward'))('are read by docker-compose', async () => {
    const { services } = parse(await command('docker-compose', ['config'], { cwd: folderOf('compose') }));
    expect(Object.keys(services).length).toBeGreaterThanOrEqual(app.processes.length);
  });

  test.skipIf(!hasKustomize)('are read by kustomize', async () => {
    const printed = await command('kubectl', ['kustomize', folderOf('kubernetes')]);
    expect(printed.match(/^kind: Deployment$/gm)).toHaveLength(app.processes.length);
    expect(printed).toMatch(/^kind: Secret$/m);
  });
});
