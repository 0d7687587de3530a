import { expect, test } from 'vitest';
import { typesOfRules, WatchRules } from '../../../src/apps/watch/watch-rules.js';

const RULES = new WatchRules([
  'web:src/web/**',
  'worker:src/jobs/**',
  'worker:src/shared.js',
  'web:src/shared.js',
  '*.json',
]);

test.each([
  [['src/web/a.js'], ['web']],
  [
    ['src/jobs/a.js', 'src/web/b.js'],
    ['web', 'worker'],
  ],
  [['src/shared.js'], ['web', 'worker']],
  [['src/jobs/a.json'], undefined],
  [['src/web/a.js', 'package.json'], undefined],
])('%j restart %j', (files, types) => {
  expect(RULES.typesFor(files)).toEqual(types);
  expect(files.every((file) => RULES.matches(file))).toBe(true);
});

test('without rules all dynos restart; what no rule matches does not count', () => {
  expect(new WatchRules([]).typesFor(['a.js'])).toBeUndefined();
  expect(RULES.matches('README.md')).toBe(false);
});

test('a pattern after ! takes files out of its own type only', () => {
  const rules = new WatchRules(['web:*.js', 'web:!test.js', 'worker:*.js']);
  expect(rules.typesFor(['test.js'])).toEqual(['worker']);
});

test('names the types of rules', () => {
  expect(typesOfRules(['*.js', 'web:*.py', 'db-worker:a'])).toEqual(['web', 'db-worker']);
});

test.each(['', ' ', 'web:', 'web: '])('%j names no files', (rule) => {
  expect(() => typesOfRules(['*.js', rule])).toThrow(
    expect.objectContaining({ code: 'BAD_PATTERN', message: `--watch-only: "${rule}" names no files` }),
  );
});
