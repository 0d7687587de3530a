import { spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { fixture, startHost } from './start-host.js';

const LINE = /^\S+ app\[(web\.\d)\]: web\.\d (\d+) GET \/things\/12345 answered 200 in 12 ms\r?$/;
/** It takes about 90 MB. A log of 78 MB that piled up would take over 200. */
const MAX_PEAK_MB = 150;

/**
 * Reads a host's log to its end, leaving time between reads, and checks that it has every line of both dynos, in order.
 */
async function expectEveryLine(stdout: Readable, linesPerDyno: number): Promise<void> {
  const next = new Map([
    ['web.1', 0],
    ['web.2', 0],
  ]);
  const others: string[] = [];
  let rest = '';
  for await (const chunk of stdout) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, dyno = '', number] = LINE.exec(line) ?? [];
      if (number === undefined) others.push(line.replace(/^\S+ /, '').trimEnd());
      else if (Number(number) === next.get(dyno)) next.set(dyno, Number(number) + 1);
      else expect.unreachable(`${dyno} skips from ${next.get(dyno)} to ${number}`);
    }
    await nextTurn();
  }
  expect(rest).toBe('');
  expect([...next.values()]).toEqual([linesPerDyno, linesPerDyno]);
  expect(others.toSorted()).toEqual([
    'app[web.1]: web.1 ends',
    'app[web.2]: web.2 ends',
    'heroku[web.1]: Process exited with status 0',
  ]);
}

describe('a pipe', () => {
  test('that is read slowly gets every line, also the last, while dynos wait and memory stays flat', async () => {
    const host = await startHost({ linesPerDyno: 400_000 });
    await host.told('held');
    await expectEveryLine(host.child.stdout, 400_000);
    expect(Number(await host.told('peak'))).toBeLessThan(MAX_PEAK_MB);
    expect(await host.exitCode).toBe(0);
  });

  test('that is not read at all stops neither timers nor the end', async () => {
    const host = await startHost({ linesPerDyno: 400_000 });
    await host.told('held');
    await host.toldTimes('tick', 5);
    process.kill(Number(await host.told('pid')), 'SIGTERM');
    await host.told('terminating');
    host.child.stdout.resume();
    expect(await host.exitCode).toBe(7);
  });

  test('reports that its reader is gone', async () => {
    const host = await startHost({
      linesPerDyno: 400_000,
      within: ['sh', '-c', '"$@" | head -n 1', 'sh'],
    });
    host.child.stdout.resume();
    expect(await host.told('closed')).toBe('EPIPE');
    expect(await host.exitCode).toBe(0);
  });
});

test('a file gets every line', async () => {
  const host = await startHost({
    linesPerDyno: 20_000,
    within: ['sh', '-c', 'cd "$(dirname "$2")" && "$@" >log.txt && cat log.txt', 'sh'],
  });
  await expectEveryLine(host.child.stdout, 20_000);
  expect(await host.exitCode).toBe(0);
});

describe('a terminal', () => {
  const terminal = ['python3', fixture('unread-terminal.py')];
  const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;

  test('that is not read stops neither timers nor signals nor the end', async ({ skip }) => {
    skip(!hasPython, 'python3 is not installed');
    const host = await startHost({ linesPerDyno: 400_000, within: terminal });
    host.child.stdin.end();
    await host.told('held');
    await host.toldTimes('tick', 5);
    process.kill(Number(await host.told('pid')), 'SIGTERM');
    await host.told('terminating');
    expect(await host.exitCode).toBe(7);
  });

  test('that is read again gets every line', async ({ skip }) => {
    skip(!hasPython, 'python3 is not installed');
    const host = await startHost({ linesPerDyno: 20_000, within: terminal });
    await host.told('held');
    host.child.stdin.end('read\n');
    await expectEveryLine(host.child.stdout, 20_000);
    expect(await host.exitCode).toBe(0);
  });
});
