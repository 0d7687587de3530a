import { describe, expect, test } from 'vitest';
import { judgeAnswer } from '../../../../src/doctor/app/answer.js';
import { judgeHost } from '../../../../src/doctor/app/host.js';
import { judgeHttps } from '../../../../src/doctor/app/https.js';
import { judgeInflight } from '../../../../src/doctor/app/inflight.js';
import type { Answered, Reply } from '../../../../src/doctor/app/request.js';
import { judgeSleep } from '../../../../src/doctor/app/sleep.js';
import { visit } from '../../../../src/doctor/app/visit.js';

const ANSWERED: Answered = {
  at: 'answered',
  status: 200,
  location: undefined,
  cookies: [],
  body: '',
  isWhole: true,
  headMs: 10,
  ms: 20,
};

function answered(status: number, more: Partial<Answered> = {}): Answered {
  return { ...ANSWERED, status, ...more };
}

const redirect = (location: string): Reply => answered(301, { location });
const SILENT: Reply = { at: 'silent' };
const CUT: Reply = { at: 'cut', reason: 'socket hang up' };

/** Visits an app that answers so: by `protocol path`, or by `path` alone. */
function visited(app: Readonly<Record<string, Reply>>, protocol: 'http' | 'https' = 'http') {
  const ask = async (by: string, path: string) => app[`${by} ${path}`] ?? app[path] ?? answered(404);
  return visit(ask, 'localhost:5006', protocol, '/');
}

describe('answer', () => {
  test.for<readonly [string, Readonly<Record<string, Reply>>, string]>([
    ['a page', { '/': answered(200) }, 'pass'],
    ['a redirect to a page', { '/': redirect('/home'), '/home': answered(200) }, 'pass'],
    ['a redirect to an error', { '/': redirect('/home'), '/home': answered(500) }, 'fail'],
    ['a redirect to another site', { '/': redirect('https://example.com/') }, 'pass'],
    ['a redirect that is none', { '/': answered(304) }, 'pass'],
    ['redirects for ever', { '/': redirect('/a'), '/a': redirect('/') }, 'warn'],
    ['redirects to https for ever', { '/': redirect('https://localhost:5006/') }, 'pass'],
    ['an error', { '/': answered(500) }, 'fail'],
    ['no such page', { '/': answered(404) }, 'warn'],
    ['a refused name', { '/': answered(400, { body: 'Invalid HTTP_HOST header' }) }, 'skip'],
    ['nothing', { '/': SILENT }, 'fail'],
    ['a cut connection', { '/': CUT }, 'fail'],
  ])('%s', async ([, app, verdict]) => {
    expect(judgeAnswer(await visited(app), '/', 30_000).verdict).toBe(verdict);
  });

  test('ends with an app whose redirects lead on and on', async () => {
    let count = 0;
    const endless = await visit(async () => redirect(`/${count++}`), 'localhost', 'http', '/');
    expect(endless.isLoop).toBe(true);
    expect(judgeAnswer(endless, '/', 30_000)).toMatchObject({
      verdict: 'warn',
      seen: 'GET / redirects for ever.',
    });
  });
});

describe('https', () => {
  test.for<readonly [string, Readonly<Record<string, Reply>>, string]>([
    ['a page', { '/': answered(200) }, 'pass'],
    ['a page by https only', { 'http /': redirect('https://localhost/'), 'https /': answered(200) }, 'pass'],
    ['https for ever', { '/': redirect('https://localhost/') }, 'warn'],
    ['back to http', { 'https /': redirect('http://localhost:5006/home'), '/home': answered(200) }, 'warn'],
    ['a redirect that names no protocol', { '/': redirect('/home'), '/home': answered(200) }, 'pass'],
    ['a loop for another reason', { '/': redirect('/a'), '/a': redirect('/') }, 'pass'],
  ])('%s', async ([, app, verdict]) => {
    expect(judgeHttps(await visited(app, 'https')).verdict).toBe(verdict);
  });
});

describe('host', () => {
  test.for<readonly [string, Reply, Reply, string]>([
    ['both alike', answered(200), answered(200), 'pass'],
    ['a redirect to the right name', answered(200), redirect('https://example.com/'), 'pass'],
    ['refused', answered(200), answered(403), 'fail'],
    ['unknown', answered(200), answered(404), 'fail'],
    ['cut', answered(200), CUT, 'fail'],
    ['both refused, and it says why', answered(400), answered(400, { body: 'DisallowedHost at /' }), 'fail'],
    [
      'Vite',
      answered(200),
      answered(403, { body: 'Blocked request. This host ("x") is not allowed.' }),
      'fail',
    ],
  ])('%s', ([, own, foreign, verdict]) => {
    expect(judgeHost(own, foreign).verdict).toBe(verdict);
  });

  test('nothing is known of an app that answers nobody', () => {
    expect(() => judgeHost(answered(404), answered(404))).toThrow('It answers no request');
    expect(() => judgeHost(SILENT, SILENT)).toThrow('It answers no request');
  });
});

test('a request under way at SIGTERM must be answered whole, and with no error', () => {
  expect(judgeInflight(answered(200)).verdict).toBe('pass');
  expect(judgeInflight(answered(404)).verdict).toBe('pass');
  expect(judgeInflight(answered(200, { isWhole: false })).verdict).toBe('fail');
  expect(judgeInflight(answered(503)).verdict).toBe('fail');
  expect(judgeInflight(CUT).verdict).toBe('fail');
  expect(judgeInflight(SILENT).verdict).toBe('fail');
});

test('the first answer after a sleep must be like the one before, and soon', () => {
  const report = { before: answered(200), after: answered(200), isSlowStarter: false, activity: undefined };
  expect(judgeSleep(report).verdict).toBe('pass');
  expect(judgeSleep({ ...report, after: answered(302) }).verdict).toBe('fail');
  expect(judgeSleep({ ...report, after: SILENT }).verdict).toBe('fail');
  expect(judgeSleep({ ...report, before: answered(404), after: answered(404) }).verdict).toBe('pass');
  const slow = { ...report, after: answered(200, { headMs: 10_001 }) };
  expect(judgeSleep(slow).verdict).toBe('warn');
  expect(judgeSleep({ ...slow, isSlowStarter: true }).verdict).toBe('pass');
  expect(judgeSleep({ ...report, activity: { file: 'web.js', line: 3, kind: 'timer' } })).toMatchObject({
    verdict: 'warn',
    seen: 'web.js line 3 has a timer: nothing happens while the app sleeps.',
  });
  const websockets = { file: 'web.js', line: 3, kind: 'websockets', library: 'ws' } as const;
  expect(judgeSleep({ ...report, activity: websockets })).toMatchObject({
    verdict: 'warn',
    seen: 'web.js line 3 serves websockets (ws): clients are cut when the app falls asleep.',
  });
  expect(() => judgeSleep({ ...report, before: CUT })).toThrow('It did not answer before');
});
