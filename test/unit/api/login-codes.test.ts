import { expect, test } from 'vitest';
import { LoginCodes } from '../../../src/api/server/login-codes.js';
import { ManualClock } from '../../helpers/manual-clock.js';

function make() {
  const clock = new ManualClock();
  return { clock, codes: new LoginCodes(clock) };
}

test('a code counts once', () => {
  const { codes } = make();
  const code = codes.make();
  expect(code).toMatch(/^[a-z2-9]{10}$/);
  expect(codes.redeem('wrong')).toBe(false);
  expect(codes.redeem(` ${code.toUpperCase()}\n`)).toBe(true);
  expect(codes.redeem(code)).toBe(false);
});

test('a code counts for 10 minutes', async () => {
  const { clock, codes } = make();
  const [first, second] = [codes.make(), codes.make()];
  await clock.advance(10 * 60_000 - 1);
  expect(codes.redeem(first)).toBe(true);
  await clock.advance(1);
  expect(codes.redeem(second)).toBe(false);
});

test('guessing makes codes void', () => {
  const { codes } = make();
  const code = codes.make();
  for (let guess = 0; guess < 10; guess++) expect(codes.redeem(`guess${guess}`)).toBe(false);
  expect(codes.redeem(code)).toBe(false);
});

test('each is another one', () => {
  const { codes } = make();
  expect(new Set(Array.from({ length: 100 }, () => codes.make())).size).toBe(100);
});
