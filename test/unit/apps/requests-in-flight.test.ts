import { expect, test } from 'vitest';
import { RequestsInFlight } from '../../../src/apps/requests-in-flight.js';

test('counts requests, whichever leaves first', () => {
  const requests = new RequestsInFlight();
  const [first, second, third] = [1, 2, 3].map((arrivedAt) => requests.enter(arrivedAt));
  const arrivals = (): number[] => requests.all.map(({ arrivedAt }) => arrivedAt).sort();
  first?.leave();
  expect(arrivals()).toEqual([2, 3]);
  third?.leave();
  expect(arrivals()).toEqual([2]);
  second?.leave();
  expect(arrivals()).toEqual([]);
});

test('knows which requests are on their way to a run', () => {
  const requests = new RequestsInFlight();
  const [one, other] = [requests.enter(0), requests.enter(0)];
  one.run = 'a';
  other.run = 'a';
  expect(requests.of('a')).toEqual([one, other]);
  one.run = 'b';
  expect(requests.of('a')).toEqual([other]);
  other.leave();
  expect(requests.of('a')).toEqual([]);
});

test('a request that is upgraded is on its way no more, and counts apart', () => {
  const requests = new RequestsInFlight();
  const one = requests.enter(0);
  one.run = 'a';
  one.upgrade();
  expect(requests).toMatchObject({ all: [one], upgraded: 1 });
  expect(requests.of('a')).toEqual([]);
  one.leave();
  expect(requests).toMatchObject({ all: [], upgraded: 0 });
});
