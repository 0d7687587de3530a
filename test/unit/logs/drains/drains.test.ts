import { expect, test } from 'vitest';
import { LogBus } from '../../../../src/logs/bus.js';
import { Drains } from '../../../../src/logs/drains/drains.js';
import { ManualClock } from '../../../helpers/manual-clock.js';

function setup() {
  const clock = new ManualClock();
  return { clock, drains: new Drains(new LogBus(), { real: clock, wall: () => 1 }) };
}

const url = (n: number): string => `https://logs${n}.example.com/drain`;

test('a drain is found by id, token and URL', async () => {
  const { drains } = setup();
  const added = await drains.add(url(1));
  await drains.add(url(2));
  expect(added).toMatchObject({
    url: url(1),
    token: expect.stringMatching(/^d\.[0-9a-f-]{36}$/),
    createdAt: 1,
  });
  for (const name of [added.id, added.token, added.url]) expect(drains.find(name)).toBe(added);
  expect(drains.find('d.none')).toBeUndefined();
});

test('an app has five at most, also if they are added all at once', async () => {
  const { drains } = setup();
  const adding = await Promise.allSettled([1, 2, 3, 4, 5, 6].map((n) => drains.add(url(n))));
  expect(adding.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), 'rejected']);
  await expect(drains.add(url(7))).rejects.toMatchObject({ code: 'TOO_MANY_DRAINS' });
  const [first] = drains.list();
  if (first) await drains.remove(first);
  await drains.add(url(7));
  expect(drains.list().map((drain) => drain.url)).toEqual([2, 3, 4, 5, 7].map(url));
});

test('no two lead to the same URL', async () => {
  const { drains } = setup();
  const adding = await Promise.allSettled([drains.add(url(1)), drains.add(url(1))]);
  expect(adding.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await expect(drains.add(url(1))).rejects.toMatchObject({
    code: 'DRAIN_EXISTS',
    message: 'Url has already been taken',
  });
});

test('an invalid URL leaves no drain', async () => {
  const { drains } = setup();
  await expect(drains.add('nowhere')).rejects.toMatchObject({ code: 'INVALID_DRAIN_URL' });
  expect(drains.list()).toEqual([]);
});

test('when dynosim stops no drain comes after those that have gone', async () => {
  const { clock, drains } = setup();
  await drains.add(url(1));
  const adding = drains.add(url(2));
  await Promise.all([drains.close(), expect(adding).rejects.toMatchObject({ code: 'STOPPING' })]);
  expect(drains.list()).toEqual([]);
  expect(clock.pending).toBe(0);
});
