import { expect, test } from 'vitest';
import { optionsOf } from '../../../../src/dashboard/state/options.js';

const FIXED = { '': 'all', any: 'any code' };

test('a filter offers what is listed', () => {
  expect(optionsOf(['H12', 'H13'], 'H13', FIXED)).toEqual([
    ['', 'all'],
    ['any', 'any code'],
    ['H12', 'H12'],
    ['H13', 'H13'],
  ]);
  expect(optionsOf([], 'any', FIXED)).toHaveLength(2);
});

test('what is chosen stays an option when nothing listed has it any longer', () => {
  expect(optionsOf(['H13'], 'H12', FIXED).slice(2)).toEqual([
    ['H13', 'H13'],
    ['H12', 'H12'],
  ]);
});
