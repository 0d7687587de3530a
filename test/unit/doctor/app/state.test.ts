import { expect, test } from 'vitest';
import { judgeState, type Seen } from '../../../../src/doctor/app/state.js';

/** Twenty answers; each turn of a dyno is two. */
function seen(of: (dyno: string, index: number, own: number) => Partial<Seen>): readonly Seen[] {
  const count = { 'web.1': 0, 'web.2': 0 };
  return Array.from({ length: 20 }, (_, index) => {
    const dyno = index % 4 < 2 ? 'web.1' : 'web.2';
    count[dyno] += 1;
    return { dyno, status: 200, body: 'Hello', lost: [], ...of(dyno, index, count[dyno]) };
  });
}

const isSwitch = (index: number): boolean => index > 0 && index % 2 === 0;

test.for<readonly [string, readonly Seen[], string]>([
  ['alike', seen(() => ({})), 'pass'],
  [
    'each names itself',
    seen((dyno) => ({ body: `Hello from ${dyno}, process ${dyno === 'web.1' ? 1 : 2}` })),
    'pass',
  ],
  [
    'a session that only one dyno knows',
    seen((_, index) => ({ lost: isSwitch(index) ? ['sid'] : [] })),
    'warn',
  ],
  ['a cookie that changes with each answer', seen(() => ({ lost: ['sid'] })), 'pass'],
  ['a cookie that changed once', seen((_, index) => ({ lost: index === 6 ? ['sid'] : [] })), 'pass'],
  ['known to one dyno only', seen((dyno) => ({ status: dyno === 'web.1' ? 200 : 401 })), 'warn'],
  ['an error now and then', seen((_, index) => ({ status: index === 5 ? 500 : 200 })), 'pass'],
  ['each counts for itself', seen((_, __, own) => ({ body: `Visits: ${own}` })), 'warn'],
  ['both count together', seen((_, index) => ({ body: `Visits: ${index}` })), 'pass'],
  ['the time', seen((_, index) => ({ body: `12:00:${10 + Math.floor(index / 3)}` })), 'pass'],
  ['a random number', seen((_, index) => ({ body: String((index * 7919) % 1000) })), 'pass'],
])('%s', ([, answers, verdict]) => {
  expect(judgeState(answers).verdict).toBe(verdict);
});
