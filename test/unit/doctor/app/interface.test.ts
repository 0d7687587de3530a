import { expect, test } from 'vitest';
import { judgeInterface } from '../../../../src/doctor/app/interface.js';

test('a program that listens on loopback only fails', () => {
  const at = { port: 5000 };
  expect(judgeInterface({ ...at, host: '127.0.0.1', isLoopback: false }).verdict).toBe('pass');
  expect(judgeInterface({ ...at, host: '::1', isLoopback: true })).toMatchObject({
    verdict: 'fail',
    seen: 'It listens on ::1 only.',
  });
  expect(() => judgeInterface({ ...at, host: '127.0.0.1' })).toThrow('does not tell');
});
