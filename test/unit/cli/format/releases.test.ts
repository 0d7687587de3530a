import { expect, test } from 'vitest';
import type { ReleaseView } from '../../../../src/apps/views.js';
import { describeRelease } from '../../../../src/cli/format/releases.js';

const RELEASE = { status: 'succeeded', addonPlans: [], user: 'you', description: 'Deploy 1', createdAt: 0 };

test.each([
  [true, 'Yes'],
  [false, 'No'],
])('whether the code of a release is still there says whether it can run again: %s', (canRunAgain, said) => {
  const rows = describeRelease({ ...RELEASE, canRunAgain } as unknown as ReleaseView);
  expect(rows.find((row) => row.startsWith('Eligible'))).toMatch(new RegExp(`: +${said}$`));
});
