import { describe, expect, test } from 'vitest';
import { begin, type Effect, type RunEvent, type RunState, transition } from '../../../src/dynos/run.js';

const exit = { status: 1 };
const states: RunState[] = [
  { status: 'delayed', since: 0 },
  { status: 'starting', since: 0 },
  { status: 'up', since: 0 },
  { status: 'stopping', since: 0, because: 'asked' },
  { status: 'gone', since: 0, end: { how: 'exited', exit } },
];
const events: RunEvent[] = [
  { type: 'delayOver' },
  { type: 'spawned' },
  { type: 'listening' },
  { type: 'bootTimedOut' },
  { type: 'outOfMemory' },
  { type: 'stop' },
  { type: 'kill' },
  { type: 'exitTimedOut' },
  { type: 'exited', exit },
];

function describeState(state: RunState): string {
  return state.status === 'gone' ? `gone (${state.end.how})` : state.status;
}

function describeEffect(effect: Effect): string {
  if (effect.do === 'kill') return `kill (${effect.because})`;
  return 'timer' in effect ? `${effect.do} ${effect.timer}` : effect.do;
}

function table(type: string): string {
  const rows: string[] = [];
  for (const state of states) {
    for (const event of events) {
      const step = transition(state, event, { now: 7, listens: type === 'web' });
      const outcome = step
        ? [describeState(step.state), ...step.effects.map(describeEffect)].join(', ')
        : 'nothing';
      rows.push(`${state.status.padEnd(9)} ${event.type.padEnd(12)} → ${outcome}`);
    }
  }
  return rows.join('\n');
}

describe('a run of a web dyno', () => {
  test('reacts to every event in every state as in this table', () => {
    expect(table('web')).toMatchInlineSnapshot(`
      "delayed   delayOver    → starting, spawn, arm boot
      delayed   spawned      → nothing
      delayed   listening    → nothing
      delayed   bootTimedOut → nothing
      delayed   outOfMemory  → nothing
      delayed   stop         → gone (cancelled), disarm delay
      delayed   kill         → gone (cancelled), disarm delay
      delayed   exitTimedOut → nothing
      delayed   exited       → nothing
      starting  delayOver    → nothing
      starting  spawned      → starting, watchPort
      starting  listening    → up, disarm boot, unwatchPort
      starting  bootTimedOut → stopping, disarm boot, unwatchPort, kill (R10)
      starting  outOfMemory  → stopping, disarm boot, unwatchPort, kill (R15)
      starting  stop         → stopping, disarm boot, unwatchPort, terminate, arm exit
      starting  kill         → stopping, disarm boot, unwatchPort, kill (asked)
      starting  exitTimedOut → nothing
      starting  exited       → gone (exited), disarm boot, unwatchPort
      up        delayOver    → nothing
      up        spawned      → nothing
      up        listening    → nothing
      up        bootTimedOut → nothing
      up        outOfMemory  → stopping, kill (R15)
      up        stop         → stopping, terminate, arm exit
      up        kill         → stopping, kill (asked)
      up        exitTimedOut → nothing
      up        exited       → gone (exited)
      stopping  delayOver    → nothing
      stopping  spawned      → nothing
      stopping  listening    → nothing
      stopping  bootTimedOut → nothing
      stopping  outOfMemory  → nothing
      stopping  stop         → nothing
      stopping  kill         → stopping, disarm exit, kill (asked)
      stopping  exitTimedOut → stopping, kill (R12)
      stopping  exited       → gone (stopped), disarm exit
      gone      delayOver    → nothing
      gone      spawned      → nothing
      gone      listening    → nothing
      gone      bootTimedOut → nothing
      gone      outOfMemory  → nothing
      gone      stop         → nothing
      gone      kill         → nothing
      gone      exitTimedOut → nothing
      gone      exited       → nothing"
    `);
  });

  test('begins by starting its process, and with the boot timeout', () => {
    const step = begin(false, { now: 7, listens: true });
    expect(describeState(step.state)).toBe('starting');
    expect(step.effects.map(describeEffect)).toEqual(['spawn', 'arm boot']);
  });

  test('with a platform delay waits before it starts anything', () => {
    const step = begin(true, { now: 7, listens: true });
    expect(describeState(step.state)).toBe('delayed');
    expect(step.effects.map(describeEffect)).toEqual(['arm delay']);
  });
});

describe('a run of any other type', () => {
  test('differs only in that it is up once started and has no boot timeout', () => {
    const web = table('web').split('\n');
    const differing = table('worker')
      .split('\n')
      .filter((row, index) => row !== web[index]);
    expect(differing.join('\n')).toMatchInlineSnapshot(`
      "delayed   delayOver    → starting, spawn
      starting  spawned      → up
      starting  bootTimedOut → stopping, kill (R10)
      starting  outOfMemory  → stopping, kill (R15)
      starting  stop         → stopping, terminate, arm exit
      starting  kill         → stopping, kill (asked)
      starting  exited       → gone (exited)"
    `);
  });

  test('begins without a boot timeout', () => {
    expect(begin(false, { now: 7, listens: false }).effects.map(describeEffect)).toEqual(['spawn']);
  });
});
