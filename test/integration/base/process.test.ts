import { expect, test } from 'vitest';
import { loadPrograms } from '../../../src/base/process.js';

const WAYS = ['run', 'runSync'] as const;

/** Runs a bash script to its end. */
async function bash(way: (typeof WAYS)[number], script: string, options = {}) {
  const programs = await loadPrograms();
  const command = ['bash', '-c', script] as const;
  return way === 'runSync' ? programs.runSync(command, options) : programs.run(command, options).finished;
}

test.each(WAYS)('%s returns a program’s exit and output', async (way) => {
  expect(await bash(way, 'cat; echo out; echo err >&2; exit 3')).toEqual({
    status: 3,
    stdout: 'out',
    stderr: 'err',
    failure: undefined,
  });
  expect(await bash(way, 'kill -TERM $$')).toMatchObject({ status: 143, failure: undefined });
});

test.each(WAYS)('%s gives it this environment and no other', async (way) => {
  const env = { PATH: process.env.PATH, A: '1' };
  expect((await bash(way, 'echo "$A $HOME"; pwd', { env, cwd: '/' })).stdout).toBe('1 \n/');
});

test.each(WAYS)('%s kills what takes too long', async (way) => {
  expect(await bash(way, 'trap "" TERM; exec sleep 1000', { timeoutMs: 50 })).toMatchObject({ status: 137 });
});

test('a program that is not there has failed', async () => {
  const { run, runSync } = await loadPrograms();
  const failed = { status: 127, failure: 'ENOENT' };
  expect(await run(['/nowhere/tool']).finished).toMatchObject(failed);
  expect(runSync(['/nowhere/tool'])).toMatchObject(failed);
});

test('one that runs can be sent signals', async () => {
  const { run } = await loadPrograms();
  const sleeping = run(['sleep', '1000']);
  sleeping.kill('SIGTERM');
  expect((await sleeping.finished).status).toBe(143);
});
