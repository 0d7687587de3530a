import { expect, test } from 'vitest';
import { cachedAt } from '../../../../src/addons/postgres/fetch.js';
import { DEFAULT_MAJOR, MAJORS, packageFor } from '../../../../src/addons/postgres/packages.js';

const SYSTEMS = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

test('each package is pinned by version and hash, once', () => {
  const packages = MAJORS.flatMap((major) =>
    SYSTEMS.flatMap((system) => {
      const found = packageFor(major, system);
      if (found) expect(found.version).toMatch(new RegExp(`^${major}\\.\\d+\\.0-beta\\.\\d+$`));
      return found ?? [];
    }),
  );
  for (const { integrity } of packages) expect(integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
  expect(new Set(packages.map(({ integrity }) => integrity)).size).toBe(packages.length);
});

test('every system that dynosim runs on has the default version', () => {
  expect(SYSTEMS.filter((system) => !packageFor(DEFAULT_MAJOR, system))).toEqual([]);
  expect(packageFor('17', 'sunos-x64')).toBeUndefined();
});

test('the cache keeps versions and systems apart', () => {
  const found = packageFor('17', 'linux-x64');
  expect(found && cachedAt(found, '/cache')).toBe(`/cache/servers/postgres-${found?.version}-linux-x64`);
});
