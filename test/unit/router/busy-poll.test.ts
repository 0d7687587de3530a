import { describe, expect, test } from 'vitest';
import { BusyPoll } from '../../../src/router/busy-poll.js';

const SOON = 0.05;
const LATE = 0.2;

/** An event loop whose turns the test makes. */
function makeLoop(processors = 2) {
  const tasks: (() => void)[] = [];
  const poll = new BusyPoll({ nextTurn: (task) => tasks.push(task), processors });
  /** How many turns pass until the loop sleeps. */
  const turnsUntilSleep = (): number => {
    let turns = 0;
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      turns += 1;
      if (turns > 10_000) throw new Error('the loop never sleeps');
      task();
    }
    return turns;
  };
  return { poll, tasks, turnsUntilSleep };
}

describe('an answer', () => {
  test('is slept for as long as nobody knows how soon answers come', () => {
    const { poll, turnsUntilSleep } = makeLoop();
    poll.sent();
    expect(turnsUntilSleep()).toBe(0);
  });

  test('is waited for awake, but not for long, if the last one came soon', () => {
    const { poll, turnsUntilSleep } = makeLoop();
    for (let i = 0; i < 2; i += 1) {
      poll.sent();
      poll.answered(SOON);
    }
    expect(turnsUntilSleep(), 'no longer than it takes').toBe(1);
    poll.sent();
    expect(turnsUntilSleep()).toBe(200);
  });

  test.each([
    ['took its time', LATE],
    ['never came', Number.POSITIVE_INFINITY],
  ])('is slept for again after one that %s', (_, ms) => {
    const { poll, turnsUntilSleep } = makeLoop();
    for (const afterMs of [SOON, ms]) {
      poll.sent();
      poll.answered(afterMs);
    }
    turnsUntilSleep();
    poll.sent();
    expect(turnsUntilSleep()).toBe(0);
  });

  test('is slept for while others are awaited too: they keep the loop going', () => {
    const { poll, turnsUntilSleep } = makeLoop();
    poll.sent();
    poll.sent();
    poll.answered(SOON);
    poll.sent();
    expect(turnsUntilSleep()).toBe(0);
    poll.answered(SOON);
    poll.answered(SOON);
    poll.sent();
    expect(turnsUntilSleep(), 'alone again').toBe(200);
  });

  test('is slept for on a single processor, which the dyno needs', () => {
    const { poll, turnsUntilSleep } = makeLoop(1);
    poll.sent();
    poll.answered(SOON);
    poll.sent();
    expect(turnsUntilSleep()).toBe(0);
  });
});

describe('the next request', () => {
  test('is waited for awake, but not for long, if the last one came soon', () => {
    const { poll, turnsUntilSleep } = makeLoop();
    poll.arrived(0);
    poll.left(1);
    expect(turnsUntilSleep(), 'nobody knows yet').toBe(0);
    poll.arrived(1 + SOON);
    poll.left(2);
    expect(turnsUntilSleep()).toBe(200);
    poll.arrived(2 + LATE);
    poll.left(3);
    expect(turnsUntilSleep(), 'after one that took its time').toBe(0);
  });

  test('is no longer waited for once it has come', () => {
    const { poll, tasks, turnsUntilSleep } = makeLoop();
    poll.left(0);
    poll.arrived(SOON);
    poll.left(1);
    tasks.shift()?.();
    poll.arrived(1 + SOON);
    expect(turnsUntilSleep(), 'the turn that was under way').toBe(1);
  });

  test('is slept for while an answer is awaited', () => {
    const { poll, turnsUntilSleep } = makeLoop();
    poll.left(0);
    poll.arrived(SOON);
    poll.sent();
    poll.left(1);
    expect(turnsUntilSleep()).toBe(0);
  });
});

test('there is one chain of turns, whatever is waited for', () => {
  const { poll, tasks } = makeLoop();
  poll.left(0);
  poll.arrived(SOON);
  poll.left(1);
  poll.left(1);
  expect(tasks).toHaveLength(1);
});
