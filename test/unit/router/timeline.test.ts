import { expect, test } from 'vitest';
import { type RequestMoments, timelineOf } from '../../../src/router/timeline.js';
import { NO_TIME } from '../../helpers/router-facts.js';

/** A request that woke an app: 5 s of delay, 400 ms of boot, 2 ms to connect, 30 ms to the first byte, 10 ms of body. */
const WAKE: RequestMoments = {
  arrivedAt: 1000,
  sentAt: 6403,
  answeredAt: 6433,
  endedAt: 6443,
  connectMs: 2,
  boot: { beganAt: 1001, spawnedAt: 6001, upAt: 6401 },
};

test.each<[string, Partial<RequestMoments>, object]>([
  [
    'woke the app',
    {},
    { queuedMs: 1, delayMs: 5000, bootMs: 400, connectMs: 2, firstByteMs: 30, bodyMs: 10, totalMs: 5443 },
  ],
  [
    'came in the middle of the wake’s delay',
    { arrivedAt: 4001 },
    { queuedMs: 0, delayMs: 2000, bootMs: 400, connectMs: 2, firstByteMs: 30, bodyMs: 10, totalMs: 2442 },
  ],
  [
    'came during the boot',
    { arrivedAt: 6301 },
    { queuedMs: 0, bootMs: 100, connectMs: 2, firstByteMs: 30, bodyMs: 10, totalMs: 142 },
  ],
  [
    'waited for another reason, for a dyno that was up',
    { arrivedAt: 6402.5, boot: undefined, connectMs: 0.26, sentAt: 6433, answeredAt: 6433 },
    { queuedMs: 30.2, connectMs: 0.3, firstByteMs: 0, bodyMs: 10, totalMs: 40.5 },
  ],
  [
    'got no response from its dyno',
    { answeredAt: undefined, boot: undefined, arrivedAt: 6401 },
    { connectMs: 2, firstByteMs: 40, totalMs: 42 },
  ],
  [
    'got no dyno',
    { sentAt: undefined, answeredAt: undefined, connectMs: undefined, boot: undefined, endedAt: 3000 },
    { queuedMs: 2000, totalMs: 2000 },
  ],
])('the time of a request that %s', (_, changes, expected) => {
  expect(timelineOf({ ...WAKE, ...changes })).toEqual({ ...NO_TIME, ...expected });
});
