import { expect, test } from 'vitest';
import { describeChange, describeDeploy } from '../../../src/apps/describe-change.js';
import type { ReleaseContent } from '../../../src/apps/slug.js';
import { parseProcfile } from '../../../src/procfile/parse.js';

const content = (command: string, commit?: string): Pick<ReleaseContent, 'slug' | 'config'> => ({
  slug: {
    dir: '/app',
    processes: parseProcfile(`web: ${command}\n`).processes,
    ...(commit !== undefined && { commit }),
  },
  config: new Map(),
});
const [first, second] = ['1a2b3c4d', '5e6f7a8b'].map((begin) => begin.padEnd(40, '0'));

test('a deploy goes by its commit, without one by a hash of what runs', () => {
  expect(describeDeploy(content('a', first).slug)).toBe('Deploy 1a2b3c4d');
  expect(describeDeploy(content('a').slug)).toMatch(/^Deploy [0-9a-f]{8}$/);
  expect(describeDeploy(content('a').slug)).not.toBe(describeDeploy(content('b').slug));
});

test('another commit is named, and an edit by what runs then', () => {
  expect(describeChange(content('a', first), content('b', second))).toEqual(['Deploy 5e6f7a8b']);
  expect(describeChange(content('a', first), content('b'))).toEqual([describeDeploy(content('b').slug)]);
});

test('another commit with the same process types changes nothing that runs', () => {
  expect(describeChange(content('a', first), content('a', second))).toEqual([]);
});
