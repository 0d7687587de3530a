import { describe, expect, it } from 'vitest';
import { isInRange } from '../../../src/config/version-range.js';

describe('isInRange', () => {
  it.each([
    ['20.20.2', '20', true],
    ['20.20.2', '20.x', true],
    ['20.20.2', '20.20', true],
    ['20.20.2', '20.20.2', true],
    ['20.20.2', '=20.20.2', true],
    ['20.20.2', 'v20.20.2', true],
    ['20.20.2', '20.20.1', false],
    ['20.20.2', '18.x', false],
    ['20.20.2', '*', true],
    ['20.20.2', '', true],
    ['20.20.2', 'x', true],
    ['20.20.2', '>=18', true],
    ['20.20.2', '>= 18', true],
    ['20.20.2', '>=20.20.3', false],
    ['20.20.2', '>20', false],
    ['21.0.0', '>20', true],
    ['20.20.2', '<20', false],
    ['20.20.2', '<=20', true],
    ['20.20.2', '>=18 <21', true],
    ['20.20.2', '>=18.0.0 <20.0.0', false],
    ['20.20.2', '18 || 20', true],
    ['20.20.2', '18.x||22.x', false],
    ['20.20.2', '18 - 20', true],
    ['20.20.2', '18.0.0 - 20.20.1', false],
    ['20.20.2', '^20.10', true],
    ['20.20.2', '^20.21', false],
    ['20.20.2', '^18', false],
    ['20.20.2', '~20.20', true],
    ['20.20.2', '~20.20.3', false],
    ['20.20.2', '~20', true],
    ['20.20.2', '~>20.19', false],
    ['0.2.9', '^0.2.3', true],
    ['0.3.0', '^0.2.3', false],
    ['0.0.3', '^0.0.3', true],
    ['0.0.4', '^0.0.3', false],
    ['0.9.0', '^0', true],
    ['1.0.0', '^0', false],
    ['0.0.9', '^0.0', true],
    ['22.0.0', '>=22.0.0-rc.1', true],
    ['v20.20.2', '20.x.x', true],
    ['20.20.2', '20.x.9', true],
    ['20.0.5', '20.x.9', true],
  ])('%s in %j: %s', (version, range, expected) => {
    expect(isInRange(version, range)).toBe(expected);
  });

  it.each(['lts/*', 'latest', 'node', '>=', '20..1', '20.1.2.3', '18 || lts'])(
    'has no opinion about %j',
    (range) => {
      expect(isInRange('20.20.2', range)).toBeUndefined();
    },
  );

  it('has no opinion about what is no version', () => {
    expect(isInRange('twenty', '20')).toBeUndefined();
  });
});
