import { existsSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildSlug } from '../../../src/build/build.js';
import { FakeContainment } from '../../helpers/fake-containment.js';
import { makeFolder } from '../../helpers/folder.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';

/** A build whose commands are controlled by the test. */
function startBuild(dir: string, buildpacks: readonly string[], signal = new AbortController().signal) {
  const clock = new ManualClock();
  const containment = new FakeContainment();
  const cacheDir = makeFolder();
  const printed: string[] = [];
  const request = {
    dir,
    cacheDir,
    buildpacks,
    configVars: new Map([['SECRET', 'x']]),
    sourceVersion: '1',
    shell: {},
    signal,
  };
  const outcome = buildSlug(request, (text) => printed.push(text), { containment, clock });
  const started = async () => {
    while (containment.trees.length === 0) await settle();
    return containment.of('build');
  };
  return { outcome, clock, cacheDir, started, output: () => printed.join('') };
}

const MB = 1024 * 1024;

/** A slug that has to be compressed to know its size. */
function makeLargeSlug(): string {
  const dir = makeFolder({ Procfile: 'web: x', big: '' });
  truncateSync(join(dir, 'big'), 600 * MB);
  return dir;
}

test('a build that takes 15 minutes is ended', async () => {
  const { outcome, clock, cacheDir, started, output } = startBuild(makeLargeSlug(), ['none']);
  const tree = await started();
  await clock.advance(15 * 60_000 - 1);
  expect(tree.signals).toEqual([]);
  await clock.advance(1);
  expect(tree.signals).toEqual(['SIGKILL']);
  expect(await outcome).toEqual({ outcome: 'timed out' });
  expect(output()).toContain(
    '\n !     dynosim: The build took longer than 15 minutes.\n\n !     Push failed\n',
  );
  expect(clock.pending).toBe(0);
  expect(existsSync(join(cacheDir, '.build'))).toBe(false);
});

test('a slug above 300 MB is measured as Heroku does it, and one above 500 MB is refused', async () => {
  const dir = makeLargeSlug();
  const build = startBuild(dir, ['none']);
  const tree = await build.started();
  tree.output.write(String(500 * MB));
  tree.exit(0);
  expect(await build.outcome).toMatchObject({ outcome: 'built', bytes: 500 * MB });

  const other = startBuild(dir, ['none']);
  const otherTree = await other.started();
  otherTree.output.write(String(515.2 * MB));
  otherTree.exit(0);
  expect(await other.outcome).toEqual({ outcome: 'failed' });
  expect(other.output()).toContain(`-----> Compressing...
 !     Compiled slug size: 515.2M is too large (max is 500M).
 !     See: http://devcenter.heroku.com/articles/slug-size

 !     Push failed
`);
});

test('a build that is cancelled before it begins builds nothing', async () => {
  const { outcome, output } = startBuild(makeFolder({ Procfile: '' }), ['none'], AbortSignal.abort());
  expect(await outcome).toEqual({ outcome: 'cancelled' });
  expect(output()).not.toContain('Done:');
});

test('a build that is cancelled ends even if something that escaped holds its output open', async () => {
  const cancel = new AbortController();
  const { outcome, started } = startBuild(makeLargeSlug(), ['none'], cancel.signal);
  const tree = await started();
  tree.output.end = () => tree.output;
  await settle();
  cancel.abort();
  expect(await outcome).toEqual({ outcome: 'cancelled' });
});
