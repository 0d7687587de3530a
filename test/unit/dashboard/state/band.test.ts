import { expect, test } from 'vitest';
import {
  bandOf,
  fittingWindow,
  markedChanges,
  platformChanges,
  ticksOf,
} from '../../../../src/dashboard/state/band.js';
import type { AppState } from '../../../../src/dashboard/state/model.js';
import { dynoState } from '../../../helpers/dyno-state.js';
import { factsOf } from '../../../helpers/router-facts.js';

const HOUR = 3_600_000;

test('a band has a part for each state, cut off at the ends of the window', () => {
  const changes = [
    { state: 'awake', at: -50 },
    { state: 'asleep', at: 25 },
    { state: 'waking', at: 50 },
    { state: 'awake', at: 60 },
  ] as const;
  expect(
    bandOf(changes, { from: 0, until: 100 }).map(({ state, from, until }) => [state, from, until]),
  ).toEqual([
    ['awake', 0, 0.25],
    ['asleep', 0.25, 0.5],
    ['waking', 0.5, 0.6],
    ['awake', 0.6, 1],
  ]);
});

test('what is before the first change is unknown, what ended before the window is left out', () => {
  expect(bandOf([{ state: 'asleep', at: 50 }], { from: 0, until: 100 })).toHaveLength(1);
  const early = [
    { state: 'awake', at: -20 },
    { state: 'asleep', at: -10 },
  ] as const;
  expect(bandOf(early, { from: 0, until: 100 }).map(({ state }) => state)).toEqual(['asleep']);
});

test('more changes than can be drawn are sampled', () => {
  const states = ['awake', 'asleep'] as const;
  const changes = Array.from({ length: 4000 }, (_, index) => ({
    state: states[index % 2] ?? 'awake',
    at: index,
  }));
  const parts = bandOf(changes, { from: 0, until: 4000 });
  expect(parts.length).toBeLessThanOrEqual(1000);
  expect([parts[0]?.from, parts.at(-1)?.until]).toEqual([0, 1]);
});

test('changes are known from marks and from the present state', () => {
  const mark = (kind: 'sleep' | 'wake' | 'scale', at: number) => ({
    kind,
    at,
    text: '',
    dyno: null,
    count: 1,
  });
  const sleep = { state: 'awake', since: 30, sleepsAt: undefined, inFlight: 0, isExhausted: false } as const;
  const marks = [mark('sleep', 10), mark('scale', 15), mark('wake', 20), mark('sleep', 25)];
  const dynos = [dynoState()];
  const states = (known: Parameters<typeof markedChanges>[0]) =>
    markedChanges(known).map(({ state, at }) => [state, at]);
  expect(states({ marks, requests: [], sleep, dynos }).slice(1)).toEqual([
    ['asleep', 10],
    ['awake', 20],
    ['asleep', 25],
    ['awake', 30],
  ]);
  expect(states({ marks: [], requests: [], sleep, dynos })).toEqual([['awake', 30]]);
});

test('an app without dynos is neither awake nor asleep', () => {
  const at = (ms: number) => ({ at: '', platformAt: new Date(ms).toISOString() });
  const history = [
    { state: 'awake', ...at(20) },
    { state: 'never', ...at(60) },
  ] as const;
  const parts = (isEmpty: boolean) =>
    bandOf(platformChanges(history, isEmpty), { from: 0, until: 100 }).map(({ state, from, until }) => [
      state,
      from,
      until,
    ]);
  expect(parts(true)).toEqual([['awake', 0.2, 0.6]]);
  expect(parts(false)).toEqual([
    ['awake', 0.2, 0.6],
    ['never', 0.6, 1],
  ]);
  const sleep = { state: 'never', since: 30, sleepsAt: undefined, inFlight: 0, isExhausted: false } as const;
  const blank = markedChanges({ marks: [], requests: [], sleep, dynos: [] });
  expect(bandOf(blank, { from: 0, until: 100 })).toEqual([]);
});

test('before an app fell asleep it was awake, since its first mark or request', () => {
  const mark = (kind: 'release' | 'sleep' | 'wake', at: number) => ({
    kind,
    at,
    text: '',
    dyno: null,
    count: 1,
  });
  const first = (marks: readonly ReturnType<typeof mark>[], requests: AppState['requests'] = []) =>
    markedChanges({ marks, requests, sleep: undefined, dynos: [] })[0];
  expect(first([mark('release', 5), mark('sleep', 10)])).toEqual({ state: 'awake', at: 5 });
  expect(first([mark('sleep', 10)], [{ at: 7, ...factsOf(5) }])).toEqual({ state: 'awake', at: 7 });
  expect(first([mark('release', 5), mark('wake', 10)])).toEqual({ state: 'asleep', at: 5 });
});

test('the shortest window that shows everything is chosen', () => {
  expect([0.5, 3, 8, 40].map((hours) => fittingWindow(0, hours * HOUR))).toEqual(['1h', '6h', '24h', '24h']);
});

test('ticks are round in the time zone of the reader', () => {
  const window = { from: Date.parse('2026-11-29T10:20:00Z'), until: Date.parse('2026-11-29T16:20:00Z') };
  const times = (offset: number) =>
    ticksOf(window, 8, offset).map((at) => new Date(at).toISOString().slice(11, 16));
  expect(times(0)).toEqual(['11:00', '12:00', '13:00', '14:00', '15:00', '16:00']);
  expect(times(HOUR / 2)[0]).toBe('10:30');
});
