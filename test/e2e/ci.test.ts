import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import getPort from 'get-port';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXAMPLES } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { BIN } from './commands-world.js';

/** Runs the commands in examples/ci, and those of docs/testing.md, as they are written there. */

const CI = join(EXAMPLES, 'ci');
const read = (name: string): string => readFileSync(join(CI, name), 'utf8');

interface Job {
  readonly steps?: readonly { readonly run?: string }[];
  readonly script?: readonly string[];
}

/** The commands of all jobs of a file, in order. */
function commandsOf(file: string): readonly string[] {
  const document = parse(read(file));
  const jobs = Object.values<Job>(document.jobs ?? document);
  return jobs.flatMap(({ steps = [], script = [] }) => [...steps.flatMap(({ run }) => run ?? []), ...script]);
}

const isDynosim = (line: string): boolean => line.startsWith('npx dynosim ');
const COMMANDS = [...read('README.md').matchAll(/^npx dynosim .*$/gm)].map(([line]) => line);

test.each(['github-actions.yml', 'gitlab-ci.yml'])('%s installs the app and runs these commands', (file) => {
  const commands = commandsOf(file);
  expect(commands.filter(isDynosim)).toEqual(COMMANDS);
  expect(new Set(commands.filter((line) => !isDynosim(line)))).toEqual(new Set(['npm ci']));
});

/** Runs a line in a clone of the app, in which npm has installed dynosim. */
async function runInClone(line: string) {
  const dir = makeFolder({ 'node_modules/.bin/': '' });
  cpSync(CI, dir, { recursive: true });
  const bin = join(dir, 'node_modules/.bin');
  writeFileSync(join(bin, 'dynosim'), `#!/bin/sh\nexec ${BIN} "$@"\n`, { mode: 0o755 });
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  return { dir, ...(await promisify(execFile)('bash', ['-ec', line], { cwd: dir, env })) };
}

test.each(COMMANDS)('in a clone of the app: %s', async (line) => {
  // Doctor's other questions have tests of their own, and take long.
  const { dir, stdout } = await runInClone(line.includes('doctor') ? `${line} --only procfile,boot` : line);
  expect(stdout).toMatch(/: pass \(2 pass|^[#ℹ] pass 3$/m);
  const [, file] = /--junit (\S+)/.exec(line) ?? [];
  if (file !== undefined) expect(readFileSync(join(dir, file), 'utf8')).toContain('failures="0"');
});

const TESTING = readFileSync(join(EXAMPLES, '../docs/testing.md'), 'utf8');

const [FIRST, ...BLOCKS] = [...TESTING.matchAll(/^```sh\n(dynosim .*?)^```$/gms)].map(
  ([, text]) => text ?? '',
);

test('docs/testing.md begins with a command that CI runs', () => {
  expect(COMMANDS.at(-1)).toContain(FIRST?.trim().split(' -- ').at(-1));
});

test.each(BLOCKS)('docs/testing.md: %s', async (block) => {
  const port = String(await getPort());
  const lines = block.replace('dynosim start', '$& --no-wake-delay').replaceAll('5006', port);
  const { stdout } = await runInClone(`trap 'kill $(jobs -p)' ERR\n${lines}`);
  expect(stdout).toMatch(
    block.includes('e2e') ? /^[#ℹ] pass 3$/m : /^web\.1: idle [\s\S]*^Hello from web\.1/m,
  );
});
