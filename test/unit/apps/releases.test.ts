import { expect, test } from 'vitest';
import { type ReleaseJournal, Releases } from '../../../src/apps/releases.js';
import { UserError } from '../../../src/base/errors.js';

const CONTENT = { slug: { dir: '/app', processes: new Map() }, config: new Map(), addonPlans: [] };

/** A disk that fills when a release is recorded as one that runs. */
const FULL: ReleaseJournal = {
  async save({ status }) {
    if (status === 'succeeded') throw new UserError('STATE_UNUSABLE', 'The disk is full', 'Free some space.');
  },
  hasSlug: () => true,
};

test('a release that cannot be recorded says why it failed; one whose command failed does not', async () => {
  const releases = new Releases([], FULL);
  const [unrecorded, failed] = [
    await releases.create('Set A', 0, CONTENT),
    await releases.create('Set B', 0, CONTENT),
  ];
  await expect(releases.succeed(unrecorded)).rejects.toThrow('The disk is full');
  await releases.fail(failed);
  expect(releases.list('me')).toMatchObject([
    { status: 'failed', failure: 'The disk is full. Free some space.', isCurrent: false },
    { status: 'failed' },
  ]);
  expect(releases.list('me')[1]).not.toHaveProperty('failure');
});
