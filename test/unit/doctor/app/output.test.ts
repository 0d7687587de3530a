import { expect, test } from 'vitest';
import { judgeDisk } from '../../../../src/doctor/app/disk.js';
import { endsIn } from '../../../../src/doctor/app/log.js';
import { judgeLogs, lastRunIn, type OutputReport, secretsIn } from '../../../../src/doctor/app/logs.js';
import { judgeLoad, judgeMemory } from '../../../../src/doctor/app/memory.js';
import { killedIn, type MemoryUse } from '../../../../src/doctor/app/memory-watch.js';
import { judgeRelease } from '../../../../src/doctor/app/release.js';
import { judgeCrash, judgeLost, judgeReturn } from '../../../../src/doctor/app/restart.js';
import { judgeSigterm } from '../../../../src/doctor/app/sigterm.js';
import { CannotTell } from '../../../../src/doctor/question.js';
import { entry } from './entries.js';

const app = (line: string, ms = 0) => entry(ms, 'app', 'web.1', line);
const MB = 1024 * 1024;

function output(lines: readonly string[], more: Partial<OutputReport> = {}): OutputReport {
  const logs = lines.map((line) => app(line));
  return { logs, lastRun: { meanwhile: logs, atEnd: [] }, secrets: new Map(), isColorForced: false, ...more };
}

test('dynos that had to be killed after SIGTERM are named once', () => {
  const r12 = (dyno: string) => entry(0, 'heroku', dyno, 'Error R12 (Exit timeout) -> …');
  expect(judgeSigterm([app('Error R12, says the app')], 30_000).verdict).toBe('pass');
  expect(judgeSigterm([r12('web.1'), r12('worker.1'), r12('web.1')], 30_000)).toMatchObject({
    verdict: 'fail',
    seen: 'web.1 and worker.1 had to be killed: a process was alive 30s after SIGTERM.',
  });
});

test('files that a restart would lose are named, but not all of many', () => {
  expect(judgeDisk([]).verdict).toBe('pass');
  const file = (name: string, isDatabase = false) => ({ file: name, isDatabase });
  expect(judgeDisk([file('app.db', true), file('a.txt'), file('a.txt')])).toMatchObject({
    verdict: 'warn',
    seen: 'A restart would lose a.txt and app.db (SQLite).',
    mend: expect.stringContaining('heroku-postgresql'),
  });
  expect(judgeDisk('abcdefg'.split('').map((name) => file(name))).seen).toBe(
    'A restart would lose a, b, c, d, e and 2 more.',
  );
});

test('a dyno that the platform has killed for its memory is known by the log', () => {
  const logs = [
    entry(0, 'heroku', 'web.1', 'Process running mem=300M(58.6%)'),
    entry(1, 'heroku', 'web.1', 'Process running mem=1280M(250.0%)'),
    entry(2, 'heroku', 'worker.1', 'Process running mem=600M(117.2%)'),
    entry(3, 'heroku', 'worker.1', 'Error R14 (Memory quota exceeded)'),
  ];
  expect(killedIn(logs)).toBeUndefined();
  const killed = [...logs, entry(4, 'heroku', 'web.1', 'Error R15 (Memory quota vastly exceeded)')];
  expect(killedIn(killed)).toEqual({ dyno: 'web.1', bytes: 1280 * MB, quotaBytes: 512 * MB });
});

function memoryOf(sizes: readonly number[]) {
  return sizes.map((mb, index) => ({ atMs: index, dyno: 'web.1', bytes: mb * MB, quotaBytes: 512 * MB }));
}

test.for<readonly [string, readonly number[], string]>([
  ['little', Array.from({ length: 40 }, () => 60), 'pass'],
  ['above the quota', [100, 513, 100], 'warn'],
  ['growing all the time', Array.from({ length: 40 }, (_, i) => 60 + i * 2), 'warn'],
  ['growing until it is warm', Array.from({ length: 40 }, (_, i) => 60 + Math.min(i, 15) * 4), 'pass'],
  ['growing a little', Array.from({ length: 40 }, (_, i) => 60 + i / 4), 'pass'],
  ['up and down', Array.from({ length: 40 }, (_, i) => 60 + (i % 10) * 10), 'pass'],
  ['up and down, and up', Array.from({ length: 40 }, (_, i) => 60 + i * 2 - (i % 12) * 4), 'pass'],
  ['too few samples', [60, 90, 120, 150], 'pass'],
])('memory: %s', ([, sizes, verdict]) => {
  expect(judgeMemory(memoryOf(sizes)).verdict).toBe(verdict);
});

test('the worst dyno counts, and without a measurement there is no verdict', () => {
  const other = { atMs: 0, dyno: 'worker.1', bytes: 600 * MB, quotaBytes: 512 * MB };
  expect(judgeMemory([...memoryOf([100]), other])).toMatchObject({
    verdict: 'warn',
    seen: 'worker.1 takes up to 600 MB, and its quota is 512 MB.',
  });
  expect(() => judgeMemory([])).toThrow('does not tell');
});

test('an app that is killed for its memory whenever it starts takes too much', async () => {
  const trial: { killed: MemoryUse | undefined } = { killed: undefined };
  const loading = Promise.reject(new CannotTell('The app started once, but not a second time.'));
  await expect(judgeLoad(trial, loading)).rejects.toThrow(CannotTell);
  const verdict = judgeLoad(trial, loading);
  trial.killed = { dyno: 'web.1', bytes: 41 * MB, quotaBytes: 5 * MB };
  expect(await verdict).toMatchObject({
    verdict: 'fail',
    seen: 'web.1 took 41 MB, and its quota is 5 MB.',
  });
});

test('output that comes only at the end is buffered', () => {
  const silent = (...atEnd: readonly string[]) =>
    judgeLogs(output(atEnd, { lastRun: { meanwhile: [], atEnd: atEnd.map((line) => app(line)) } })).verdict;
  expect(silent('GET /', 'GET /', 'GET /', 'GET /', 'GET /')).toBe('warn');
  expect(silent('Listening on port 5000')).toBe('warn');
  expect(silent('Bye')).toBe('pass');
  expect(silent('Server closed, no longer listening')).toBe('pass');
  const lines = Array.from({ length: 9 }, () => app('x'));
  expect(judgeLogs(output(['x'], { lastRun: { meanwhile: lines.slice(8), atEnd: lines } })).verdict).toBe(
    'pass',
  );
});

test('the last run of web.1 is what it printed since its last start', () => {
  const start = entry(0, 'heroku', 'web.1', 'Starting process with command `x`');
  const worker = entry(0, 'app', 'worker.1', 'job');
  const logs = [start, app('old'), start, app('new'), worker, app('end')];
  expect(lastRunIn({ logs, stop: 5, written: [] })).toEqual({ meanwhile: [app('new')], atEnd: [app('end')] });
});

test('colors in a pipe and secrets are found, unless the shell asks for colors', () => {
  const green = '\x1b[32mready\x1b[39m';
  expect(judgeLogs(output([green])).verdict).toBe('warn');
  expect(judgeLogs(output([green], { isColorForced: true })).verdict).toBe('pass');
  const secrets = new Map([['API_KEY', 'abcdefgh']]);
  const found = judgeLogs(output(['key=abcdefgh;'], { secrets }));
  expect(found).toMatchObject({ verdict: 'warn', seen: 'It prints the value of API_KEY.' });
  expect(JSON.stringify(found)).not.toContain('abcdefgh');
  expect(judgeLogs(output(['fine'], { secrets })).verdict).toBe('pass');
  expect(() => judgeLogs(output([]))).toThrow('It prints nothing');
  expect(judgeLogs(output([green, 'abcdefgh'], { secrets }))).toMatchObject({
    seen: 'It prints the value of API_KEY. It colors its lines, although they go to no terminal.',
    mend: expect.stringMatching(/^Print the names .* NO_COLOR=1\.$/),
  });
});

test('secrets are told by their names, or are passwords in URLs', () => {
  const vars = {
    API_KEY: 'abcdefgh',
    SHORT_KEY: 'abc',
    GREETING: 'hello, world',
    DATABASE_URL: 'postgres://user:pa55word@host:5432/db',
    SITE_URL: 'https://example.com:8080/page',
  };
  const found = secretsIn(new Map(Object.entries(vars).map(([name, value]) => [name, { value }])));
  expect(Object.fromEntries(found)).toEqual({ API_KEY: 'abcdefgh', DATABASE_URL: 'pa55word' });
});

test('a dyno that does not come back says why', () => {
  expect(judgeReturn(false)).toMatchObject({ verdict: 'pass', seen: expect.not.stringContaining('disk') });
  expect(judgeReturn(true)).toMatchObject({ verdict: 'pass', seen: expect.stringContaining('fresh disk') });
  const lastWords = ['Error: EEXIST: file already exists', '  at web.js:1'];
  expect(judgeLost({ dyno: 'web.1', after: 'kill -9', lastWords })).toMatchObject({
    verdict: 'fail',
    seen: 'web.1 does not come back after kill -9: `Error: EEXIST: file already exists`.',
  });
  expect(judgeCrash({ dyno: 'worker.1', status: 1, lastWords })).toMatchObject({
    verdict: 'fail',
    seen: 'worker.1 crashes: `Error: EEXIST: file already exists`.',
  });
});

test('a release command must end with status 0', () => {
  expect(judgeRelease({ status: 0, output: '' }).verdict).toBe('pass');
  expect(judgeRelease({ status: 3, output: 'a\nNo database\n' })).toMatchObject({
    verdict: 'fail',
    seen: 'The release command ends with status 3: `No database`.',
  });
});

test('paths of the copy are shown as those of the app', () => {
  const copy = '/tmp/x/dynosim-doctor-aB3_x-/above/above/shop';
  const output = `Error: ENOENT, scandir '${copy}/migrations' (${copy}/db.js:3)`;
  expect(judgeRelease({ status: 1, output }).seen).toContain("scandir './migrations' (./db.js:3)`");
  expect(judgeLost({ dyno: 'web.1', after: 'kill -9', lastWords: [`Check ${copy}/a.pid`] }).seen).toContain(
    '`Check ./a.pid`',
  );
});

test('each dyno that has crashed is listed once, with its last words', () => {
  const crash = entry(1, 'heroku', 'worker.1', 'State changed from up to crashed');
  const logs = [entry(0, 'app', 'worker.1', '\x1b[31mOh\x1b[39m'), crash, crash, app('fine')];
  expect(endsIn(logs)).toEqual([{ dyno: 'worker.1', status: 1, lastWords: ['Oh'] }]);
});
