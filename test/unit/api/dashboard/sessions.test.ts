import { createHash, createHmac } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openToSessions } from '../../../../src/api/dashboard/routes.js';
import { DashboardSessions } from '../../../../src/api/dashboard/sessions.js';
import type { ApiRequest, RouteOf } from '../../../../src/api/route.js';
import { makeFolder } from '../../../helpers/folder.js';
import { ManualClock } from '../../../helpers/manual-clock.js';

const DAY_MS = 24 * 60 * 60_000;

function make(file = join(makeFolder(), 'state', 'dashboard.json')) {
  const clock = new ManualClock();
  let wall = 1_000_000.4;
  const open = (token = 'secret') => new DashboardSessions({ clock, wall: () => wall, file, token });
  const pass = (ms: number) => {
    wall += ms;
  };
  return { clock, file, open, pass, sessions: open() };
}

test('a code begins one session, which ends when asked', () => {
  const { sessions } = make();
  const { token } = sessions.begin(` ${sessions.makeCode().toUpperCase()}\n`);
  const end = sessions.find(token);
  expect(end?.aborted).toBe(false);
  expect(sessions.find(`${token}x`)).toBeUndefined();
  expect(sessions.find(token.split('.')[0] ?? '')).toBeUndefined();
  expect(sessions.find('')).toBeUndefined();
  sessions.end(token);
  expect(end?.aborted).toBe(true);
  expect(sessions.find(token)).toBeUndefined();
});

test('a wrong code is refused with what to do', () => {
  const { sessions } = make();
  expect(() => sessions.begin('wrong')).toThrow(
    expect.objectContaining({
      status: 401,
      message: 'This code is wrong or expired.',
      hint: 'Run "dynosim dashboard" again.',
    }),
  );
});

test('guessing makes codes void', () => {
  const { sessions } = make();
  const code = sessions.makeCode();
  for (let guess = 0; guess < 10; guess++) expect(() => sessions.begin(`guess${guess}`)).toThrow();
  expect(() => sessions.begin(code)).toThrow('wrong or expired');
});

test('a code that is used again ends the session that it began, and no other', () => {
  const { sessions } = make();
  const other = sessions.begin(sessions.makeCode());
  const code = sessions.makeCode();
  const { token } = sessions.begin(code);
  const end = sessions.find(token);
  expect(() => sessions.begin(code)).toThrow('This code was used before');
  expect(end?.aborted).toBe(true);
  expect(sessions.find(token)).toBeUndefined();
  expect(sessions.find(other.token)).toBeDefined();
});

test('a code that would have expired ends nothing', async () => {
  const { clock, sessions } = make();
  const code = sessions.makeCode();
  const { token } = sessions.begin(code);
  await clock.advance(10 * 60_000);
  expect(() => sessions.begin(code)).toThrow('wrong or expired');
  expect(sessions.find(token)).toBeDefined();
});

test('a session outlives dynosim for a week, in a file that only its owner reads and that has no token', () => {
  const { file, open, pass, sessions } = make();
  const { token, expiresAt } = sessions.begin(sessions.makeCode());
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).not.toContain(token.split('.')[1]);
  pass(7 * DAY_MS - 1);
  const next = open();
  expect(next.find(token)).toBeDefined();
  pass(1);
  expect(next.find(token)).toBeUndefined();
  expect(expiresAt).toBe(1_000_000 + 7 * DAY_MS);
});

test('a stream ends with its session, also when that is too old', async () => {
  const { clock, pass, sessions } = make();
  const { token } = sessions.begin(sessions.makeCode());
  const gone = new AbortController();
  let end: AbortSignal | undefined;
  const events: RouteOf<'events'>['events'] = (request) => {
    end = request.signal;
    return (async function* () {})();
  };
  const [route] = openToSessions([{ method: 'GET', path: '/', access: 'token', events }], sessions);
  const request = { headers: { authorization: `Bearer ${token}` }, signal: gone.signal };
  if (route && 'events' in route) await route.events(request as ApiRequest);
  pass(7 * DAY_MS - 1);
  await clock.advance(60_000);
  expect(end?.aborted).toBe(false);
  pass(1);
  await clock.advance(60_000);
  expect(end?.aborted).toBe(true);
  expect(clock.pending).toBe(0);
});

test('a stream that its reader has left needs no timer', () => {
  const { clock, sessions } = make();
  const { token } = sessions.begin(sessions.makeCode());
  const gone = new AbortController();
  sessions.watch(token, gone.signal);
  gone.abort();
  expect(clock.pending).toBe(0);
});

test('a session that has ended does not come back with the next start', () => {
  const { open, sessions } = make();
  const { token } = sessions.begin(sessions.makeCode());
  sessions.end(token);
  expect(open().find(token)).toBeUndefined();
});

test('a new token of the user ends all sessions with the next start', () => {
  const { open, sessions } = make();
  const { token } = sessions.begin(sessions.makeCode());
  expect(open('another').find(token)).toBeUndefined();
});

test.each([
  '',
  '{"owner":"K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols","sessions":[{"id":"x","hash":"short","expiresAt":9000000000000000}]}',
  'null',
])('a file that holds %j holds no session', (content) => {
  const { file, open, sessions } = make();
  sessions.begin(sessions.makeCode());
  writeFileSync(file, content);
  expect(open().find('x.y')).toBeUndefined();
});

test('a session lasts as long as dynosim where it cannot be kept', () => {
  const { sessions } = make('/proc/nowhere/dashboard.json');
  const { token } = sessions.begin(sessions.makeCode());
  expect(sessions.find(token)).toBeDefined();
});

test('with too many sessions, the oldest ends', () => {
  const { sessions } = make();
  const [first, second] = Array.from({ length: 51 }, () => sessions.begin(sessions.makeCode()).token);
  expect(sessions.find(first ?? '')).toBeUndefined();
  expect(sessions.find(second ?? '')).toBeDefined();
});

test('only who knows the session proves it, for one host and nonce', () => {
  const { open, sessions } = make();
  const { token } = sessions.begin(sessions.makeCode());
  const [id = ''] = token.split('.');
  const key = createHash('sha256').update(token).digest();
  const expected = createHmac('sha256', key).update('127.0.0.1:4000\nonce').digest('base64url');
  expect(open().prove(id, '127.0.0.1:4000', 'once')).toBe(expected);
  expect(sessions.prove(id, '127.0.0.1:4001', 'once')).not.toBe(expected);
  sessions.end(token);
  expect(sessions.prove(id, '127.0.0.1:4000', 'once')).toBeUndefined();
});
