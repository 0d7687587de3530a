import { expect, test } from 'vitest';
import type { RefUpdate } from '../../../src/git/hook.js';
import { judge } from '../../../src/git/judge.js';

const NONE = '0'.repeat(40);
const OLD = 'a'.repeat(40);
const NEW = 'b'.repeat(40);

const branch = (name: string, from = OLD, to = NEW): RefUpdate => ({ ref: `refs/heads/${name}`, from, to });
const tag = (to = NEW): RefUpdate => ({ ref: 'refs/tags/v1', from: NONE, to });

const SKIPPED = 'Pushed to branch other than [main, master], skipping build.\n';

test.each([
  ['main', [branch('main')], 'refs/heads/main', ''],
  ['a new master', [branch('master', NONE)], 'refs/heads/master', ''],
  ['main before master', [branch('master'), branch('main')], 'refs/heads/main', ''],
  ['main among others', [branch('dev'), branch('main'), tag()], 'refs/heads/main', SKIPPED],
  ['main among tags and deletions', [tag(), branch('dev', OLD, NONE), branch('main')], 'refs/heads/main', ''],
])('%s is built', (_name, updates, ref, text) => {
  expect(judge(updates)).toMatchObject({ does: 'build', update: { ref }, text });
});

test.each([
  ['another branch', [branch('dev')], SKIPPED],
  ['a branch whose name ends alike', [branch('old/main')], SKIPPED],
  ['a tag', [tag()], ''],
  ['the deletion of another branch', [branch('dev', OLD, NONE)], ''],
  ['the deletion of a tag', [tag(NONE)], ''],
  ['a ref that is no branch', [{ ref: 'refs/main', from: NONE, to: NEW }], ''],
])('%s is stored', (_name, updates, text) => {
  expect(judge(updates)).toEqual({ does: 'store', text });
});

test.each([
  ['main', [branch('main', OLD, NONE)]],
  ['master', [branch('master', OLD, NONE)]],
  ['master', [branch('main'), branch('master', OLD, NONE)]],
])('%s is not deleted', (name, updates) => {
  expect(judge(updates)).toEqual({
    does: 'refuse',
    text: `!\tPush rejected, cannot delete ${name} branch\n`,
  });
});
