import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EcoMonth } from '../../../src/apps/sleep/eco-pool.js';
import { HoursStore } from '../../../src/host/store/hours-store.js';
import { makeFolder } from '../../helpers/folder.js';
import { ManualClock } from '../../helpers/manual-clock.js';

function world(file = join(makeFolder(), 'hours.json')) {
  const clock = new ManualClock();
  const problems: string[] = [];
  let month: EcoMonth = { month: '2026-11', usedMs: {} };
  const store = new HoursStore({
    file,
    clock,
    now: () => month,
    onProblem: (line) => problems.push(line),
  });
  const use = (ms: number): void => {
    month = { month: '2026-11', usedMs: { one: ms } };
  };
  const kept = () => JSON.parse(readFileSync(file, 'utf8'));
  return { file, clock, problems, store, use, kept };
}

test('the hours are written every minute while they are used, and when that ends', async () => {
  const { file, clock, store, use, kept } = world();
  expect(store.read()).toBeUndefined();
  store.onUse(true);
  store.onUse(true);
  use(5);
  await clock.advance(59_999);
  expect(() => kept()).toThrow('ENOENT');
  await clock.advance(1);
  await expect.poll(kept).toEqual({ format: 1, month: '2026-11', used_ms: { one: 5 } });
  use(7);
  store.onUse(false);
  expect(clock.pending).toBe(0);
  await expect.poll(kept).toMatchObject({ used_ms: { one: 7 } });
  expect(world(file).store.read()).toEqual({ month: '2026-11', usedMs: { one: 7 } });
});

test('at the end, all is on disk', async () => {
  const { clock, store, use, kept } = world();
  store.onUse(true);
  use(9);
  await store.close();
  expect(kept()).toMatchObject({ used_ms: { one: 9 } });
  expect(clock.pending).toBe(0);
});

test('a file that is damaged is reported, and replaced', async () => {
  const file = join(makeFolder({ 'hours.json': '{"form' }), 'hours.json');
  const { problems, store, use, kept } = world(file);
  expect(store.read()).toBeUndefined();
  expect(problems).toEqual([
    expect.stringMatching(/^Eco dyno hours are counted from 0: .*hours\.json is damaged/),
  ]);
  use(1);
  await store.close();
  expect(kept()).toMatchObject({ used_ms: { one: 1 } });
});

test('a file that cannot be written is reported once, until it can be written again', async () => {
  const { file, problems, store, use, kept } = world();
  mkdirSync(file);
  for (const ms of [1, 2]) {
    use(ms);
    await store.close();
  }
  expect(problems).toEqual([
    expect.stringMatching(/^Eco dyno hours are not kept: Cannot write .*hours\.json/),
  ]);
  rmdirSync(file);
  await store.close();
  expect(kept()).toMatchObject({ used_ms: { one: 2 } });
});
