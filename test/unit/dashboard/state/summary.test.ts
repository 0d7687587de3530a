import { expect, test } from 'vitest';
import type { AppState } from '../../../../src/dashboard/state/model.js';
import { inNumbers, inParts } from '../../../../src/dashboard/state/summary.js';
import { dynoState } from '../../../helpers/dyno-state.js';

test('requests are added up in parts that keep their values while time passes', () => {
  const values = [
    { at: 500, requests: 9 },
    { at: 11_000, requests: 1 },
    { at: 19_999, requests: 2 },
    { at: 20_000, requests: 4 },
  ];
  expect(inParts(values, 24_000, 20_000, 2)).toEqual([3, 4]);
  expect(inParts(values, 29_999, 20_000, 2)).toEqual([3, 4]);
  expect(inParts(values, 30_001, 20_000, 2)).toEqual([4, 0]);
});

test('each app of a host is counted once', () => {
  const app = (states: readonly ('up' | 'idle' | 'crashed')[]): Pick<AppState, 'dynos' | 'sleep'> => ({
    dynos: states.map((state) => dynoState({ state })),
    sleep: {
      state: states.includes('idle') ? 'asleep' : 'awake',
      since: 0,
      sleepsAt: undefined,
      inFlight: 0,
      isExhausted: false,
    },
  });
  expect(inNumbers([app(['up', 'up']), app(['up']), app(['idle']), app([]), app(['up', 'crashed'])])).toBe(
    '5 apps: 2 awake, 1 asleep, 1 without dynos, 1 with a crashed dyno',
  );
  expect(inNumbers([app(['up'])])).toBe('1 app: 1 awake');
});
