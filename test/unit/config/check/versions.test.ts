import { describe, expect, it } from 'vitest';
import { checkVersions, type VersionOf } from '../../../../src/config/check/versions.js';
import { formatProblem } from '../../../../src/procfile/problem.js';
import { makeFolder } from '../../../helpers/folder.js';

const here: VersionOf = async (program) => (program === 'node' ? 'v20.20.2\n' : 'Python 3.11.2\n');

async function warnings(files: Readonly<Record<string, string>>, versionOf = here): Promise<string[]> {
  return (await checkVersions(makeFolder(files), versionOf)).map(formatProblem);
}

describe('checkVersions', () => {
  it.each([
    [{}],
    [{ 'runtime.txt': 'python-3.11.9\n' }],
    [{ 'runtime.txt': ' python-3.11 \r\n' }],
    [{ '.python-version': '# ours\n\n3.11\n' }],
    [{ '.python-version': '3.11.1 # ours' }],
    [{ 'package.json': '{"engines": {"node": ">=18"}}' }],
    [{ 'package.json': '{"engines": {"npm": "1"}}' }],
    [{ 'package.json': '[]' }],
    [{ 'runtime.txt': '' }],
  ])('has nothing to say about %j', async (files) => {
    expect(await warnings(files)).toEqual([]);
  });

  it('asks for no version of a program that the app has no wish about', async () => {
    const asked: string[] = [];
    await checkVersions(makeFolder({ '.python-version': '3.11' }), async (program) => {
      asked.push(program);
      return 'Python 3.11.2';
    });
    expect(asked).toEqual(['python3']);
  });

  it('compares Python with runtime.txt and .python-version', async () => {
    expect(await warnings({ 'runtime.txt': 'python-3.1.5', '.python-version': '# a\n3.13.1' })).toEqual([
      'runtime.txt:1: warning: The app asks for Python 3.1; `python3` here is 3.11.2. Install Python 3.1, or make a .venv with it: a dyno uses that one.',
      '.python-version:2: warning: The app asks for Python 3.13; `python3` here is 3.11.2. Install Python 3.13, or make a .venv with it: a dyno uses that one.',
    ]);
  });

  it('compares Node with engines.node of package.json, at its line', async () => {
    expect(
      await warnings({ 'package.json': '{\n "name": "node",\n "engines": {\n  "node": "22.x"\n }\n}' }),
    ).toEqual([
      'package.json:4: warning: The app asks for Node `22.x`; `node` here is 20.20.2. Install a Node that `22.x` matches, or change engines.node.',
    ]);
  });

  it('says that a program is not there at all', async () => {
    const nothing: VersionOf = async () => undefined;
    expect(
      await warnings(
        { 'runtime.txt': 'python-3.11.2', 'package.json': '{"engines":{"node":"20"}}' },
        nothing,
      ),
    ).toEqual([
      'runtime.txt:1: warning: The app asks for Python 3.11; there is no `python3` here. Install Python 3.11, or make a .venv with it: a dyno uses that one.',
      'package.json:1: warning: The app asks for Node `20`; there is no `node` here. Install a Node that `20` matches, or change engines.node.',
    ]);
  });

  it("says that a version is written as Heroku's build does not take it", async () => {
    expect(await warnings({ 'runtime.txt': '3.11.2', '.python-version': 'pypy3.9' })).toEqual([
      "runtime.txt:1: warning: `3.11.2` is no version that Heroku's build takes. Write for example python-3.13.1.",
      ".python-version:1: warning: `pypy3.9` is no version that Heroku's build takes. Write for example 3.13.",
    ]);
    expect(await warnings({ 'package.json': '{"engines":{"node":"lts/*"}}' })).toEqual([
      'package.json:1: warning: The app asks for Node `lts/*`, which cannot be compared with 20.20.2. Write for example "node": "22.x".',
    ]);
  });

  it('warns of files that cannot be read, and reads the others', async () => {
    const found = await warnings({ 'runtime.txt/': '', 'package.json': '{nope', '.python-version': '3.9' });
    expect(found.map((text) => text.slice(0, 48))).toEqual([
      expect.stringContaining('runtime.txt: warning: runtime.txt is a folder'),
      expect.stringContaining('.python-version:1: warning: The app asks'),
      expect.stringContaining('package.json: warning: package.json is not JSON'),
    ]);
  });
});
