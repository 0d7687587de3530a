import { expect, test } from 'vitest';
import { RecentRequests } from '../../../src/apps/watch/recent-requests.js';

test('what happens during a request or just after it is put down to it', () => {
  let now = 1_000_000;
  const requests = new RecentRequests(() => now);
  const ended = requests.started();
  now += 300;
  expect(requests.wereUnderWay(now)).toBe(true);
  ended();
  expect(requests.wereUnderWay(1_000_150)).toBe(true);
  expect(requests.wereUnderWay(now + 50)).toBe(true);
  expect(requests.wereUnderWay(now + 150)).toBe(false);
  expect(requests.wereUnderWay(999_900)).toBe(false);
});

test('a stream explains no change for long', () => {
  let now = 1_000_000;
  const requests = new RecentRequests(() => now);
  requests.started();
  now += 60_000;
  expect(requests.wereUnderWay(now)).toBe(false);
});

test('what happens at the end of a long request is put down to it, too', () => {
  let now = 1_000_000;
  const requests = new RecentRequests(() => now);
  const ended = requests.started();
  now += 60_000;
  ended();
  expect(requests.wereUnderWay(now - 300)).toBe(true);
  expect(requests.wereUnderWay(now - 30_000)).toBe(false);
});
