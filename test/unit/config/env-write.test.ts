import {
  appendFileSync,
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/base/clock.js';
import { UserError } from '../../../src/base/errors.js';
import { readEnvFiles } from '../../../src/config/env-file.js';
import { writeEnvChanges } from '../../../src/config/env-write.js';
import { makeFolder } from '../../helpers/folder.js';

/** A clock whose waits end at once, with one event during each. */
function clockWith(...events: (() => void)[]): Clock {
  const after = (_: number, task: () => void): (() => void) => {
    events.shift()?.();
    const timer = setImmediate(task);
    return () => clearImmediate(timer);
  };
  return { now: () => 0, after };
}

interface Options {
  readonly names?: readonly string[];
  readonly isIgnored?: boolean;
  readonly isTracked?: boolean;
  readonly clock?: Clock;
}

function write(
  dir: string,
  changes: Readonly<Record<string, string | null>>,
  { names = [], isIgnored = true, isTracked = false, clock = clockWith() }: Options = {},
): Promise<readonly string[]> {
  const { files } = readEnvFiles(dir, names);
  const git = { isIgnored: async () => isIgnored, isTracked: async () => isTracked };
  return writeEnvChanges({ files, changes: new Map(Object.entries(changes)), git, clock });
}

/** Warns of nothing. */
const NO_GIT = { isIgnored: async () => true, isTracked: async () => false };

async function refusalOf(done: Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    await done;
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, text: `${error.message}. ${error.hint}` };
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const textOf = (dir: string, name = '.env'): string => readFileSync(join(dir, name), 'utf8');

describe('writeEnvChanges', () => {
  it('sets a key in the last file that has it, a new one in the last file', async () => {
    const dir = makeFolder({ 'a.env': 'A=1\nB=1\n', 'b.env': 'B=1\n', 'c.env': '# c\n' });
    const names = ['a.env', 'b.env', 'c.env'];
    await write(dir, { A: '2', B: '2', C: '2' }, { names });
    expect(names.map((name) => textOf(dir, name))).toEqual(['A=2\nB=1\n', 'B=2\n', '# c\nC=2\n']);
    expect(readdirSync(dir).sort()).toEqual(names);
  });

  it('removes a key from every file that has it', async () => {
    const dir = makeFolder({ 'a.env': 'A=1\nB=1\n', 'b.env': 'B=1\n', 'c.env': 'A=2\n' });
    const names = ['a.env', 'b.env', 'c.env'];
    await write(dir, { A: null, X: null }, { names });
    expect(names.map((name) => textOf(dir, name))).toEqual(['B=1\n', 'B=1\n', '']);
  });

  it('makes a missing file that only its owner can read', async () => {
    const dir = makeFolder();
    const path = join(dir, '.env');
    await write(dir, { A: 'x y' });
    expect(textOf(dir)).toBe("A='x y'\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir)).toEqual(['.env']);
  });

  it('makes no file to remove a key from, and touches none whose keys are as wanted', async () => {
    const dir = makeFolder({ 'a.env': 'A="1"\n' });
    const before = statSync(join(dir, 'a.env')).ino;
    await write(dir, { A: '1' }, { names: ['a.env'] });
    await write(dir, { A: null });
    expect(statSync(join(dir, 'a.env')).ino).toBe(before);
    expect(readdirSync(dir)).toEqual(['a.env']);
  });

  it.each([0o600, 0o640, 0o666, 0o755])('keeps the rights %o', async (mode) => {
    const dir = makeFolder({ '.env': 'A=1\n' });
    chmodSync(join(dir, '.env'), mode);
    await write(dir, { A: '2' });
    expect(textOf(dir)).toBe('A=2\n');
    expect(statSync(join(dir, '.env')).mode & 0o777).toBe(mode);
  });

  it.skipIf(process.getuid?.() !== 0)('keeps the owner', async () => {
    const dir = makeFolder({ '.env': 'A=1\n' });
    chownSync(join(dir, '.env'), 4321, 1234);
    await write(dir, { A: '2' });
    const { uid, gid } = statSync(join(dir, '.env'));
    expect([textOf(dir), uid, gid]).toEqual(['A=2\n', 4321, 1234]);
  });

  it('keeps a byte order mark and the line ends', async () => {
    const dir = makeFolder({ '.env': '\uFEFFA=1\r\n' });
    await write(dir, { B: 'é' });
    expect(textOf(dir)).toBe('\uFEFFA=1\r\nB=é\r\n');
  });

  it.each([
    ['a file', 'A=1\n', 'A=2\n'],
    ['nothing yet', undefined, 'A=2\n'],
  ])('keeps a link and writes its target, which is %s', async (_, before, after) => {
    const dir = makeFolder({ 'secret/': '', 'app/': '' });
    if (before !== undefined) writeFileSync(join(dir, 'secret/env'), before);
    symlinkSync('env', join(dir, 'secret/link'));
    symlinkSync('../secret/link', join(dir, 'app/.env'));
    await write(join(dir, 'app'), { A: '2' });
    expect(textOf(dir, 'secret/env')).toBe(after);
    expect(lstatSync(join(dir, 'app/.env')).isSymbolicLink()).toBe(true);
    expect([...readdirSync(join(dir, 'app')), ...readdirSync(join(dir, 'secret'))]).toEqual([
      '.env',
      'env',
      'link',
    ]);
  });

  it('takes two names of one file for one file', async () => {
    const dir = makeFolder({ 'a.env': 'A=1\n', 'b.env': 'A=2\n' });
    symlinkSync('a.env', join(dir, 'c.env'));
    await write(dir, { A: '3', B: '3' }, { names: ['a.env', 'b.env', 'c.env'] });
    expect([textOf(dir, 'a.env'), textOf(dir, 'b.env')]).toEqual(['A=3\nB=3\n', 'A=2\n']);
  });

  it('passes on what Heroku would not take, once, however many attempts it takes', async () => {
    const dir = makeFolder({ '.env': 'A=1\n' });
    const done = write(dir, { HEROKU_X: '1' });
    appendFileSync(join(dir, '.env'), 'B=1\n');
    expect(await done).toEqual([expect.stringMatching(/^Heroku accepts no config var named `HEROKU_X`/)]);
    expect(readEnvFiles(dir).files[0]?.values).toEqual({ A: '1', B: '1', HEROKU_X: '1' });
  });
});

describe('a new file in a git repository', () => {
  const warning =
    '.env is new and git does not ignore it. Add it to .gitignore, or its values get committed.';

  it.each([
    ['its root', { '.git/': '' }, ''],
    ['a folder of it', { '.git/': '', 'app/': '' }, 'app'],
    ['a worktree', { '.git': 'gitdir: elsewhere\n', 'a/b/': '' }, 'a/b'],
  ])('is warned of in %s if git does not ignore it', async (_, files, folder) => {
    const dir = makeFolder(files);
    expect(await write(join(dir, folder), { A: '1' }, { isIgnored: false })).toEqual([warning]);
  });

  it('is not warned of if git ignores it, if it is not new, or outside of a repository', async () => {
    const dir = makeFolder({ '.git/': '' });
    expect(await write(dir, { A: '1' })).toEqual([]);
    expect(await write(dir, { A: '2' }, { isIgnored: false })).toEqual([]);
    expect(await write(makeFolder(), { A: '1' }, { isIgnored: false })).toEqual([]);
  });
});

describe('a file that git tracks', () => {
  it('is warned of when a value goes into it, not when one is removed', async () => {
    const dir = makeFolder({ '.git/': '', '.env': 'A=1\n' });
    expect(await write(dir, { A: '2' }, { isTracked: true })).toEqual([
      'git tracks .env: its values get committed. To stop that: git rm --cached .env',
    ]);
    expect(await write(dir, { A: null }, { isTracked: true })).toEqual([]);
    expect(await write(makeFolder({ '.env': '' }), { A: '2' }, { isTracked: true })).toEqual([]);
  });
});

describe('an env file that cannot be written', () => {
  it('is read-only', async () => {
    const dir = makeFolder({ '.env': 'A=1\n' });
    chmodSync(join(dir, '.env'), 0o444);
    expect(await refusalOf(write(dir, { A: '2' }))).toEqual({
      code: 'ENV_FILE_NOT_WRITABLE',
      text: `.env cannot be changed: it is read-only (${dir}/.env). Try: chmod u+w ${dir}/.env`,
    });
  });

  it('is a hard link', async () => {
    const dir = makeFolder({ other: 'A=1\n' });
    linkSync(join(dir, 'other'), join(dir, '.env'));
    expect(await refusalOf(write(dir, { A: '2' }))).toEqual({
      code: 'ENV_FILE_NOT_WRITABLE',
      text: `.env cannot be changed: it is a hard link (${dir}/.env). Make it a symbolic link.`,
    });
  });

  it('is not a file, but its contents as last read count', async () => {
    const dir = makeFolder({ 'b.env': 'B=1\n' });
    const path = '/dev/null';
    const pipe = { name: '<(command)', path, text: 'A=1\n', values: { A: '1' }, problems: [] };
    const change = (changes: Readonly<Record<string, string | null>>): Promise<readonly string[]> =>
      writeEnvChanges({
        files: [pipe, ...readEnvFiles(dir, ['b.env']).files],
        changes: new Map(Object.entries(changes)),
        git: NO_GIT,
        clock: clockWith(),
      });
    for (const changes of [
      { A: '2', B: '2' },
      { A: null, B: '2' },
    ]) {
      expect(await refusalOf(change(changes))).toEqual({
        code: 'ENV_FILE_NOT_WRITABLE',
        text: '<(command) cannot be changed: it is not a file (/dev/null). Name a file.',
      });
    }
    expect(textOf(dir, 'b.env')).toBe('B=1\n');
    await change({ A: '1', B: '2', C: '3' });
    expect(textOf(dir, 'b.env')).toBe('B=2\nC=3\n');
  });

  it('is in no folder', async () => {
    const dir = makeFolder();
    expect(await refusalOf(write(join(dir, 'none'), { A: '2' }))).toEqual({
      code: 'ENV_FILE_NOT_WRITABLE',
      text: `.env cannot be changed: its folder is not there (${dir}/none/.env). Try: mkdir -p ${dir}/none`,
    });
  });

  it.skipIf(process.platform !== 'linux')('is in a folder where nothing can be made', async () => {
    expect(await refusalOf(write('/sys', { A: '2' }))).toEqual({
      code: 'ENV_FILE_NOT_WRITABLE',
      text: '.env cannot be changed: its folder is read-only (/sys/.env). Try: chmod u+w /sys',
    });
  });

  it('is not UTF-8, and stays as it is', async () => {
    const bytes = Buffer.from('A=1\nB=\xe9\n', 'latin1');
    const dir = makeFolder({ '.env': bytes });
    expect(await refusalOf(write(dir, { A: '2' }))).toEqual({
      code: 'ENV_FILE_NOT_TEXT',
      text: '.env is not UTF-8: writing it would lose characters. Save the file as UTF-8.',
    });
    expect(readFileSync(join(dir, '.env'))).toEqual(bytes);
  });

  it('would become too large to read', async () => {
    const dir = makeFolder({ '.env': 'A=1\n' });
    const largest = 'x'.repeat(1024 * 1024 - 'A=\n'.length);
    expect(await refusalOf(write(dir, { A: `${largest}x` }))).toMatchObject({ code: 'ENV_FILE_TOO_BIG' });
    expect(textOf(dir)).toBe('A=1\n');
    await write(dir, { A: largest });
    expect(readEnvFiles(dir).vars.get('A')?.value).toBe(largest);
  });

  it.each([
    ['a file that is read-only', { B: '2' }, 'ENV_FILE_NOT_WRITABLE'],
    ['a value that cannot be written', { C: '\0' }, 'VALUE_NOT_EXPRESSIBLE'],
  ])('keeps all others from being written: %s', async (_, changes, code) => {
    const dir = makeFolder({ 'a.env': 'A=1\n', 'b.env': 'B=1\n', 'c.env': '' });
    chmodSync(join(dir, 'b.env'), 0o400);
    const names = ['a.env', 'b.env', 'c.env'];
    expect(await refusalOf(write(dir, { A: '2', ...changes }, { names }))).toMatchObject({ code });
    expect(names.map((name) => textOf(dir, name))).toEqual(['A=1\n', 'B=1\n', '']);
    expect(readdirSync(dir).sort()).toEqual(names);
  });
});

describe('concurrent writes', () => {
  const makeEnv = (): { dir: string; path: string } => {
    const dir = makeFolder({ '.env': 'A=1\nB=1\n' });
    return { dir, path: join(dir, '.env') };
  };

  it.each([
    ['into the file', (path: string) => writeFileSync(path, 'A=1\nB=2\n')],
    [
      'by replacing the file',
      (path: string) => {
        writeFileSync(`${path}~`, 'A=1\nB=2\n');
        renameSync(`${path}~`, path);
      },
    ],
  ])('is kept, %s', async (_, edit) => {
    const { dir, path } = makeEnv();
    const done = write(dir, { A: '2' });
    edit(path);
    await done;
    expect(textOf(dir)).toBe('A=2\nB=2\n');
    expect(readdirSync(dir)).toEqual(['.env']);
  });

  it('is kept if it is a new file', async () => {
    const dir = makeFolder();
    const done = write(dir, { A: '2' });
    writeFileSync(join(dir, '.env'), 'B=2\n');
    await done;
    expect(textOf(dir)).toBe('B=2\nA=2\n');
  });

  it('is kept if a link leads elsewhere now', async () => {
    const dir = makeFolder({ one: 'A=1\n', two: 'A=1\n' });
    symlinkSync('one', join(dir, '.env'));
    const done = write(dir, { A: '2' });
    unlinkSync(join(dir, '.env'));
    symlinkSync('two', join(dir, '.env'));
    await done;
    expect([textOf(dir, 'one'), textOf(dir, 'two')]).toEqual(['A=1\n', 'A=2\n']);
  });

  it('is kept in one file as well if another is to be written', async () => {
    const dir = makeFolder({ 'a.env': 'A=1\n', 'b.env': 'B=1\n' });
    const done = write(dir, { A: '2', B: '2' }, { names: ['a.env', 'b.env'] });
    appendFileSync(join(dir, 'b.env'), 'C=1\n');
    await done;
    expect([textOf(dir, 'a.env'), textOf(dir, 'b.env')]).toEqual(['A=2\n', 'B=2\nC=1\n']);
  });

  it('is kept from another change of dynosim', async () => {
    const { dir } = makeEnv();
    await Promise.all([write(dir, { A: '2' }), write(dir, { B: '2' }), write(dir, { C: '2' })]);
    expect(readEnvFiles(dir).files[0]?.values).toEqual({ A: '2', B: '2', C: '2' });
  });

  it('is waited for while the file is empty, as editors empty it first', async () => {
    const { dir, path } = makeEnv();
    const { files } = readEnvFiles(dir);
    truncateSync(path);
    const clock = clockWith(() => writeFileSync(path, 'A=1\nB=3\n'));
    await writeEnvChanges({ files, changes: new Map([['A', '2']]), git: NO_GIT, clock });
    expect(textOf(dir)).toBe('A=2\nB=3\n');
  });

  it('is not waited for in a file that stays empty', async () => {
    const dir = makeFolder({ '.env': '' });
    await write(dir, { A: '2' });
    expect(textOf(dir)).toBe('A=2\n');
  });

  it('ends the attempt if it does not end itself, and nothing is left', async () => {
    const { dir, path } = makeEnv();
    let count = 0;
    let isOver = false;
    const keepWriting = (): void => {
      if (isOver) return;
      count += 1;
      writeFileSync(path, `A=1\nB=${count}\n`);
      setImmediate(keepWriting);
    };
    const done = refusalOf(write(dir, { A: '2' }));
    keepWriting();
    expect(await done).toEqual({
      code: 'ENV_FILE_BUSY',
      text: 'Something keeps writing to .env. Stop it, and try again.',
    });
    isOver = true;
    expect(textOf(dir)).toBe(`A=1\nB=${count}\n`);
    expect(readdirSync(dir)).toEqual(['.env']);
  });
});
