import { describe, expect, test } from 'vitest';
import { BusyPoll } from '../../../src/router/busy-poll.js';

/** An event loop whose turns the test makes. */
function makeLoop() {
  const tasks: (() => void)[] = [];
  const state = { isWorthwhile: true };
  const poll = new BusyPoll(
    () => state.isWorthwhile,
    (task) => tasks.push(task),
  );
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
  return { poll, state, tasks, turnsUntilSleep };
}

describe('an event that is expected', () => {
  test('is slept for as long as nobody knows how soon such events come', () => {
    const { poll, turnsUntilSleep } = makeLoop();
    poll.expect();
    expect(turnsUntilSleep()).toBe(0);
  });

  test('is waited for awake, but not for long, if the last one came soon', () => {
    const { poll, turnsUntilSleep } = makeLoop();
    poll.came(0.05);
    poll.expect();
    expect(turnsUntilSleep()).toBe(200);
    poll.expect();
    expect(turnsUntilSleep(), 'and again').toBe(200);
  });

  test('is slept for again after one that took its time', () => {
    const { poll, turnsUntilSleep } = makeLoop();
    poll.came(0.05);
    poll.came(0.2);
    poll.expect();
    expect(turnsUntilSleep()).toBe(0);
  });

  test('is no longer waited for once it has come', () => {
    const { poll, tasks, turnsUntilSleep } = makeLoop();
    poll.came(0.05);
    poll.expect();
    tasks.shift()?.();
    poll.came(0.05);
    expect(turnsUntilSleep(), 'the turn that was under way').toBe(1);
  });

  test('is waited for by one loop, however often it is expected', () => {
    const { poll, tasks } = makeLoop();
    poll.came(0.05);
    poll.expect();
    poll.expect();
    expect(tasks).toHaveLength(1);
  });

  test('is slept for while other work keeps the loop going', () => {
    const { poll, state, turnsUntilSleep } = makeLoop();
    poll.came(0.05);
    state.isWorthwhile = false;
    poll.expect();
    expect(turnsUntilSleep()).toBe(0);
  });
});
