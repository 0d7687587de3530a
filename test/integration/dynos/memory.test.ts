import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { processTree } from '../../../src/dynos/proc.js';
import { faultsOf, memoryOf, processesOf, sizeOf } from '../../../src/dynos/tree-memory.js';
import { startApp } from '../../../src/testing.js';
import { makeFolder } from '../../helpers/folder.js';

const isLinux = process.platform === 'linux';

/** Keeps 20 MB, as do two children, which share some of their pages with it. */
const FAMILY = `
  globalThis.mine = Buffer.alloc(20e6, 1);
  const start = () => require('node:child_process').spawn(process.execPath, ['-e', CHILD], { stdio: 'inherit' });
  const CHILD = 'globalThis.mine = Buffer.alloc(20e6, 1); console.log("ready"); setInterval(() => {}, 1e6)';
  start();
  start();
`;

describe.runIf(isLinux)('the memory of a process tree', () => {
  test('is the sum of its processes’ shares, and at most what the cheap bound says', async () => {
    const parent = spawn(process.execPath, ['-e', FAMILY]);
    const pid = parent.pid ?? 0;
    onTestFinished(() => {
      for (const one of processTree(pid)) process.kill(one, 'SIGKILL');
    });
    let printed = '';
    while (printed.split('ready').length < 3) printed += await once(parent.stdout, 'data');
    const pids = processesOf({ root: pid, pid });
    const { rss, cache, swap } = memoryOf(pids) ?? { rss: 0, cache: 0, swap: 0 };
    const expected = pids.reduce((sum, one) => sum + shareOf(one), 0);
    expect(pids).toHaveLength(3);
    expect(Math.abs((rss + cache + swap) / expected - 1)).toBeLessThan(0.05);
    expect(rss).toBeGreaterThan(60e6);
    const { threads, mostMemory } = sizeOf(pids);
    expect(mostMemory).toBeGreaterThanOrEqual(rss + cache + swap);
    expect(threads).toBeGreaterThan(3);
    expect(faultsOf(pids)).toBeGreaterThan(60e6 / 65_536);
    // A helper above the first process does not count.
    const [, child = 0, other] = pids;
    expect(processesOf({ root: pid, pid: child })).toEqual([child, other]);
  });

  test('that is gone is none', () => {
    const gone = [2 ** 22 + 1];
    expect(memoryOf(gone)).toEqual({ rss: 0, cache: 0, swap: 0 });
    expect(sizeOf(gone)).toEqual({ threads: 0, mostMemory: 0 });
  });
});

/** By each mapping of a process, where the code under test takes the kernel's sum. */
function shareOf(pid: number): number {
  const shares = readFileSync(`/proc/${pid}/smaps`, 'latin1').matchAll(/^(?:Pss|SwapPss):\s+(\d+) kB/gm);
  return [...shares].reduce((sum, [, kb]) => sum + Number(kb) * 1024, 0);
}

/** Keeps 70 MB from its start, and 70 MB more after the first request. */
const GREEDY = `
  const kept = [Buffer.alloc(70e6, 1)];
  require('node:http').createServer((_request, response) => {
    kept.push(Buffer.alloc(70e6, 1));
    response.end('more');
  }).listen(process.env.PORT);
`;

test.runIf(isLinux)('a dyno above its quota gets R14, and R15 above twice that', async () => {
  const app = await startApp({
    dir: makeFolder({ 'greedy.js': GREEDY }),
    processes: { web: 'node greedy.js' },
    memoryQuota: '60m',
    sleepAfter: 'never',
    speed: 100,
  });
  onTestFinished(() => app.stop());
  await app.waitForLog(/^Error R14 \(Memory quota exceeded\)$/);
  const { memory, memoryQuota } = await app.dyno('web.1');
  expect(memoryQuota).toBe(60 * 1024 * 1024);
  expect(memory).toBeGreaterThan(memoryQuota ?? 0);
  await app.fetch('/');
  await app.waitForLog(/^State changed from crashed to starting$/);
  const lines = app.logs
    .filter(({ source, dyno }) => source === 'heroku' && dyno === 'web.1')
    .map(({ line }) => line);
  const around = (line: string, before: number, after: number): readonly string[] =>
    lines.slice(lines.indexOf(line) - before, lines.indexOf(line) + after + 1);
  expect(around('Error R14 (Memory quota exceeded)', 1, 0)).toEqual([
    expect.stringMatching(/^Process running mem=\d+M\(1\d\d\.\d%\)$/),
    'Error R14 (Memory quota exceeded)',
  ]);
  expect(around('Error R15 (Memory quota vastly exceeded)', 1, 4)).toEqual([
    expect.stringMatching(/^Process running mem=\d+M\([2-4]\d\d\.\d%\)$/),
    'Error R15 (Memory quota vastly exceeded)',
    'Stopping process with SIGKILL',
    'Process exited with status 137',
    'State changed from up to crashed',
    'State changed from crashed to starting',
  ]);
});
