import { describe, expect, it } from 'vitest';
import { checkVersions, type VersionOf } from '../../../../src/config/check/versions.js';
import { formatProblem } from '../../../../src/procfile/problem.js';
import { makeFolder } from '../../../helpers/folder.js';

const VERSIONS = {
  node: 'v20.20.2\n',
  python3: 'Python 3.11.2\n',
  ruby: 'ruby 3.1.2p20 (2022-04-12 revision 4491bb740a) [x86_64-linux]\n',
  java: 'openjdk 21 2023-09-19\n',
};
const here: VersionOf = async (program) => VERSIONS[program];

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
    [{ 'runtime.txt': 'java-17', 'pom.xml': '' }],
    [{ '.python-version': '2.7', 'package.json': '{}' }],
    [{ Gemfile: "source 'x'\nruby '3.1.2'\n" }],
    [{ Gemfile: 'ruby "3.1"' }],
    [{ Gemfile: 'ruby "~> 3.2"' }],
    [{ Gemfile: '# ruby "3.2.2"' }],
    [{ 'system.properties': 'java.runtime.version=21' }],
    [{ 'system.properties': 'maven.version=3.9' }],
  ])('has nothing to say about %j', async (files) => {
    expect(await warnings(files)).toEqual([]);
  });

  it('asks for no version of a program for which the app names none', async () => {
    const asked: string[] = [];
    await checkVersions(makeFolder({ '.python-version': '3.11' }), async (program) => {
      asked.push(program);
      return 'Python 3.11.2';
    });
    expect(asked).toEqual(['python3']);
  });

  it('compares Python with runtime.txt and .python-version', async () => {
    expect(await warnings({ 'runtime.txt': 'python-3.12.5', '.python-version': '# a\n3.13.1' })).toEqual([
      'runtime.txt:1: warning: The app asks for Python 3.12; `python3` here is 3.11.2. Install Python 3.12, or make a .venv with it: a dyno uses that one.',
      '.python-version:2: warning: The app asks for Python 3.13; `python3` here is 3.11.2. Install Python 3.13, or make a .venv with it: a dyno uses that one.',
    ]);
  });

  it('names versions that Heroku no longer has or supports', async () => {
    const files = { '.python-version': '3.9', 'package.json': '{"engines":{"node":"16.x || 18.x"}}' };
    expect(await warnings({ ...files, 'app.py': '' })).toEqual([
      '.python-version:1: warning: The app asks for Python 3.9, which Heroku no longer has: its build fails. Ask for Python 3.10 or later.',
      'package.json:1: warning: The app asks for Node `16.x || 18.x`, which gets no security updates any more, and no support from Heroku. Ask for a later one, for example "node": "24.x".',
    ]);
  });

  it('compares Node with engines.node of package.json, at its line', async () => {
    expect(
      await warnings({ 'package.json': '{\n "name": "node",\n "engines": {\n  "node": "22.x"\n }\n}' }),
    ).toEqual([
      'package.json:4: warning: The app asks for Node `22.x`; `node` here is 20.20.2. Install a Node that `22.x` matches, or change engines.node.',
    ]);
  });

  it('compares Ruby with the Gemfile, and Java with system.properties', async () => {
    const files = {
      Gemfile: "source 'x'\n\nruby('3.2.2')\n",
      'system.properties': '# ours\njava.runtime.version = 1.8\n',
    };
    expect(await warnings(files)).toEqual([
      'Gemfile:3: warning: The app asks for Ruby 3.2.2; `ruby` here is 3.1.2. Install Ruby 3.2.2, or change the file.',
      'system.properties:2: warning: The app asks for Java 8; `java` here is 21. Install Java 8, or change the file.',
    ]);
    expect(await warnings(files, async () => undefined)).toEqual([]);
  });

  it('reports a missing program', async () => {
    const nothing: VersionOf = async () => undefined;
    expect(
      await warnings(
        { 'runtime.txt': 'python-3.11.2', 'app.py': '', 'package.json': '{"engines":{"node":"20"}}' },
        nothing,
      ),
    ).toEqual([
      'runtime.txt:1: warning: The app asks for Python 3.11; there is no `python3` here. Install Python 3.11, or make a .venv with it: a dyno uses that one.',
      'package.json:1: warning: The app asks for Node `20`; there is no `node` here. Install a Node that `20` matches, or change engines.node.',
    ]);
  });

  it("reports a version in a form that Heroku's build rejects", async () => {
    expect(await warnings({ 'runtime.txt': '3.11.2', '.python-version': 'pypy3.9' })).toEqual([
      "runtime.txt:1: warning: `3.11.2` is not a version that Heroku's build accepts. Write for example python-3.13.1.",
      ".python-version:1: warning: `pypy3.9` is not a version that Heroku's build accepts. Write for example 3.13.",
    ]);
    expect(await warnings({ 'package.json': '{"engines":{"node":"lts/*"}}' })).toEqual([
      'package.json:1: warning: The app asks for Node `lts/*`, which cannot be compared with 20.20.2. Write for example "node": "22.x".',
    ]);
  });

  it('warns of files that cannot be read, and reads the others', async () => {
    const found = await warnings({
      'runtime.txt/': '',
      'package.json': '{nope',
      '.python-version': '3.9',
      'main.py': '',
    });
    expect(found.map((text) => text.slice(0, 48))).toEqual([
      expect.stringContaining('runtime.txt: warning: runtime.txt is a folder'),
      expect.stringContaining('.python-version:1: warning: The app asks'),
      expect.stringContaining('package.json: warning: package.json is not JSON'),
    ]);
  });
});
