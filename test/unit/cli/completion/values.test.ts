import { expect, it } from 'vitest';
import { FLAG_VALUES, valuesOf } from '../../../../src/cli/completion/values.js';

it.each(['only', 'skip'])('--%s takes the questions of doctor', async (flag) => {
  const values = await valuesOf(FLAG_VALUES[flag] ?? [], { dir: '.' });
  expect(values).toEqual(expect.arrayContaining(['procfile', 'files', 'workers']));
});
