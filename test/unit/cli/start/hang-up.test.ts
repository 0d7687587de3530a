import { expect, test } from 'vitest';
import { ignoresHangUp } from '../../../../src/cli/start/hang-up.js';

const USUAL = {
  startedAs: '/usr/local/bin/dynosim',
  parentStatus: 'Name:\tbash\nSigIgn:\t0000000000384004\nSigCgt:\t000000004b813efb\n',
  stdinInfo: 'pos:\t0\nflags:\t02100002\nmnt_id:\t26\n',
};

test('usually a SIGHUP counts', () => {
  expect(ignoresHangUp(USUAL)).toBe(false);
  expect(ignoresHangUp({ startedAs: undefined, parentStatus: '', stdinInfo: '' })).toBe(false);
});

test.each([
  ['nohup, by what the shell says it runs', { startedAs: '/usr/bin/nohup' }],
  ['nohup, by the stdin that it puts in place of a terminal', { stdinInfo: 'pos:\t0\nflags:\t0100001\n' }],
  ['a shell that ignores it', { parentStatus: 'Name:\tbash\nSigIgn:\t0000000000000005\n' }],
])('it is ignored under %s', (_, clue) => {
  expect(ignoresHangUp({ ...USUAL, ...clue })).toBe(true);
});
