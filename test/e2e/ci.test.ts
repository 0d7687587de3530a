import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { EXAMPLES } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { BIN } from './commands-world.js';

/** Runs the commands of the files in examples/ci as they are written there. */

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

test.each(COMMANDS)('in a clone of the app: %s', async (line) => {
  const dir = makeFolder({ 'node_modules/.bin/': '' });
  cpSync(CI, dir, { recursive: true });
  const bin = join(dir, 'node_modules/.bin/dynosim');
  writeFileSync(bin, `#!/bin/sh\nexec ${BIN} "$@"\n`, { mode: 0o755 });
  // Doctor's other questions have tests of their own, and take long.
  const command = line.includes('doctor') ? `${line} --only procfile,boot` : line;
  const { stdout } = await promisify(execFile)('bash', ['-c', command], { cwd: dir });
  expect(stdout).toMatch(/: pass \(2 pass|^# pass 3$/m);
  const [, file] = /--junit (\S+)/.exec(line) ?? [];
  if (file !== undefined) expect(readFileSync(join(dir, file), 'utf8')).toContain('failures="0"');
});
