import { describe, expect, it } from 'vitest';
import { enumerate, nameLines, nearest, quote } from '../../../src/base/wording.js';

describe('quote', () => {
  it('shortens text that is too long for a message', () => {
    expect(quote('abcdef', 4)).toBe('`abc…`');
    expect(quote('abcd', 4)).toBe('`abcd`');
  });

  it('spells out what a terminal would obey or a reader could not see', () => {
    expect(quote('a\u001B[1m\tb\u00A0c\u202Ed')).toBe('`aU+001B[1m bU+00A0cU+202Ed`');
    expect(quote('héllo 😀')).toBe('`héllo 😀`');
  });
});

describe('enumerate', () => {
  it('reads like a sentence', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((items) => enumerate(items))).toEqual([
      '',
      'a',
      'a and b',
      'a, b and c',
    ]);
  });
});

describe('nameLines', () => {
  it('names up to five and counts the others', () => {
    expect(nameLines([5])).toBe('line 5');
    expect(nameLines([5, 9])).toBe('lines 5 and 9');
    expect(nameLines([1, 2, 3, 4, 5, 6, 7])).toBe('lines 1, 2, 3, 4, 5 and 2 more');
  });
});

describe('nearest', () => {
  it.each([
    ['wbe', 'web'],
    ['WEB', 'web'],
    ['wroker', 'worker'],
    ['workers', 'worker'],
    ['wrkr', undefined],
    ['bwebs', undefined],
    ['clock', undefined],
    ['w', undefined],
  ])('takes %s for a slip for %s', (word, meant) => {
    expect(nearest(word, ['web', 'worker', 'urgent-worker'])).toBe(meant);
  });
});
