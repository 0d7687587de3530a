import { expect, test } from 'vitest';
import { diffConfig } from '../../../../src/dashboard/state/diff.js';

test('config vars are compared by value, in the order of their names', () => {
  const from = { kind: 'store' } as const;
  const before = { B: { value: '1', from }, C: { value: '', from }, D: { value: 'same', from } };
  const after = {
    D: { value: 'same', from: { kind: 'file', file: '.env' } as const },
    A: { value: '', from },
    B: { value: '2', from },
  };
  expect(diffConfig(before, after)).toEqual([
    { name: 'A', kind: 'added', before: undefined, after: '' },
    { name: 'B', kind: 'changed', before: '1', after: '2' },
    { name: 'C', kind: 'removed', before: '', after: undefined },
  ]);
});
