import { expect, test } from 'vitest';
import { OPERATIONS } from '../../../../src/api/operations.js';
import { USED, type UsedOperation } from '../../../../src/dashboard/wire/operations.js';

test('the page calls operations by the method and path that the API has', () => {
  const names = Object.keys(USED) as UsedOperation[];
  const served = names.map((name) => [name, [OPERATIONS[name].method, OPERATIONS[name].path]]);
  expect(USED).toEqual(Object.fromEntries(served));
});
