import { expect, test } from 'vitest';
import { OneOff } from '../../../src/dynos/one-off.js';
import { fakeWorld } from '../../helpers/fake-world.js';
import { settle } from '../../helpers/manual-clock.js';

test('a one-off dyno whose client is gone gets SIGHUP again and again, and SIGKILL after 30 s: R16', async () => {
  const { world, clock, containment, lines, plan, log } = fakeWorld();
  const name = 'run.1234';
  const oneOff = new OneOff('run', name, plan('run', name), world, log(name));
  oneOff.start();
  await settle();
  oneOff.hangUp();
  await clock.advance(29_999);
  const { signals } = containment.of(name);
  expect(new Set(signals)).toEqual(new Set(['SIGHUP']));
  expect(signals).toHaveLength(6);
  await clock.advance(1);
  expect(signals.at(-1)).toBe('SIGKILL');
  expect(lines.filter((line) => line.includes('R16'))).toHaveLength(1);
  expect(await oneOff.exited).toEqual({ status: 137 });
  expect(clock.pending).toBe(0);
});
