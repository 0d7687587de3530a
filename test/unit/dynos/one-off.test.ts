import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { OneOff } from '../../../src/dynos/one-off.js';
import { losslessStream } from '../../../src/dynos/tee.js';
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

test('a one-off dyno for which there is no process tells its client and the log why', async () => {
  const { world, lines, plan, log } = fakeWorld();
  const containment = { ...world.containment, start: () => Promise.reject(new Error('no process')) };
  const name = 'run.1234';
  const client = { ...plan('run', name), hasClient: true };
  const oneOff = new OneOff('run', name, client, { ...world, containment }, log(name));
  const printed = text(losslessStream(oneOff.run.io.output));
  oneOff.start();
  expect(await oneOff.exited).toEqual({ status: 126 });
  expect(await printed).toBe('could not be started: no process\n');
  expect(lines).toContain(`dynosim[${name}]: could not be started: no process`);
});
