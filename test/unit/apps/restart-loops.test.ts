import { expect, test } from 'vitest';
import { RestartLoops } from '../../../src/apps/watch/restart-loops.js';

/** Each time `delay` ms after the dynos are up, these change; returns what restarts them. */
function play(rounds: readonly (readonly [delay: number, ...files: string[]])[]) {
  const loops = new RestartLoops();
  let now = 100_000;
  return rounds.map(([delay, ...files]) => {
    now += delay;
    const verdict = loops.judge(files, new Set(), now);
    if (verdict.restart.length > 0) {
      loops.onRestart(now);
      now += 5000;
      loops.onUp(now);
    }
    return verdict;
  });
}

test('what changes at every start is left out, and named once', () => {
  expect(
    play([
      [0, 'a'],
      [500, 'a'],
      [500, 'a'],
      [500, 'a'],
      [500, 'a'],
    ]),
  ).toEqual([
    { restart: ['a'], leftOut: [] },
    { restart: ['a'], leftOut: [] },
    { restart: ['a'], leftOut: [] },
    { restart: [], leftOut: [{ files: 'a', at: 'start' }] },
    { restart: [], leftOut: [] },
  ]);
});

test('a file that was saved too often is readmitted by a change during silence, once', () => {
  const often = [
    [1, 'a'],
    [1, 'a'],
    [1, 'a'],
  ] as const;
  const verdicts = play([[0, 'a'], ...often, [5000, 'a'], ...often, [5000, 'a']]);
  expect(verdicts.map(({ restart, leftOut }) => [restart.length, leftOut.length])).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
    [0, 1],
    [1, 0],
    [1, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ]);
});

test('a change of an ignored file does not reset the count', () => {
  const verdicts = play([[0, 'a'], [500, 'a'], [1], [500, 'a'], [1], [500, 'a'], [1, 'a'], [500, 'b']]);
  expect(verdicts.map(({ restart }) => restart)).toEqual([['a'], ['a'], [], ['a'], [], [], [], ['b']]);
});

test.each([
  ['process ids', ['cache/417.json', 'cache/5.json', 'cache/90111.json', 'cache/7.json'], 'cache/*.json'],
  ['hashes', ['out-0a1b2c3d.js', 'out-ffff0000.js', 'out-12345678.js', 'out-abcdef01.js'], 'out*.js'],
])(
  'what has another name at every start, for the sake of %s, is left out by a pattern',
  (_what, files, pattern) => {
    const verdicts = play(files.map((file) => [1, file]));
    expect(verdicts.map(({ restart }) => restart.length)).toEqual([1, 1, 1, 0]);
    expect(verdicts.at(-1)?.leftOut).toEqual([{ files: pattern, at: 'start' }]);
  },
);

test('what changes while the dynos are starting counts too', () => {
  const loops = new RestartLoops();
  const verdicts = [0, 1, 2, 3].map((now) => {
    const verdict = loops.judge(['a'], new Set(), now);
    loops.onRestart(now);
    return verdict;
  });
  expect(verdicts.at(-1)).toEqual({ restart: [], leftOut: [{ files: 'a', at: 'start' }] });
});

test('people save the same file again and again, but not so soon after each restart', () => {
  const verdicts = play([
    [0, 'a'],
    [2000, 'a'],
    [1999, 'a'],
    [2500, 'a'],
    [100, 'a'],
    [100, 'a'],
    [9000, 'a'],
  ]);
  expect(verdicts.every(({ restart }) => restart.length === 1)).toBe(true);
});

test('a change of another file resets the count', () => {
  const verdicts = play([
    [0, 'a'],
    [1, 'a'],
    [1, 'a'],
    [1, 'b'],
    [1, 'a'],
    [1, 'a'],
  ]);
  expect(verdicts.flatMap(({ leftOut }) => leftOut)).toEqual([]);
});

test('others go on restarting the dynos', () => {
  const verdicts = play([
    [0, 'a'],
    [1, 'a'],
    [1, 'a'],
    [1, 'a', 'b'],
  ]);
  expect(verdicts.at(-1)).toEqual({ restart: ['b'], leftOut: [{ files: 'a', at: 'start' }] });
});

test('what changes at every request is left out, too', () => {
  const loops = new RestartLoops();
  let now = 0;
  const change = (isAsked: boolean) => {
    now += 60_000;
    const verdict = loops.judge(['a'], new Set(isAsked ? ['a'] : []), now);
    loops.onUp(now);
    return verdict;
  };
  expect([true, true, true, true].map(change)).toEqual([
    { restart: ['a'], leftOut: [] },
    { restart: ['a'], leftOut: [] },
    { restart: [], leftOut: [{ files: 'a', at: 'requests' }] },
    { restart: [], leftOut: [] },
  ]);
  // Without a request: an edit.
  expect(change(false)).toEqual({ restart: ['a'], leftOut: [] });
});
