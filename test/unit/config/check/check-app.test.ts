import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Bash } from '../../../../src/base/programs.js';
import { checkApp, hasErrors, toJson } from '../../../../src/config/check/check-app.js';
import type { VersionOf } from '../../../../src/config/check/versions.js';
import { formatProblem } from '../../../../src/procfile/problem.js';
import { EXAMPLES } from '../../../helpers/dynosim.js';
import { makeFolder } from '../../../helpers/folder.js';

const versionOf: VersionOf = async (program) => (program === 'node' ? 'v20.20.2' : 'Python 3.11.2');
const bash: Bash = { syntaxError: () => undefined, isCommand: () => true };

describe('checkApp', () => {
  it('has nothing to say about an app in order', async () => {
    const dir = makeFolder({ Procfile: 'web: a\nworker: b\n', '.env': 'A=1\n' });
    const report = await checkApp({ dir, versionOf, bash });
    expect(toJson(report)).toEqual({
      processes: [
        { type: 'web', command: 'a', line: 1 },
        { type: 'worker', command: 'b', line: 2 },
      ],
      problems: [],
    });
    expect(hasErrors(report)).toBe(false);
  });

  it('reports Procfile, commands, env files and version files, in this order', async () => {
    const dir = makeFolder({
      Procfile: 'web: a\nweb: b &\n',
      'a.env': 'junk!\n',
      'b.env': 'A=1\nX=y#z\n',
      'package.json': '{"engines":{"node":"18"}}',
    });
    const report = await checkApp({ dir, envFiles: ['a.env', 'b.env'], versionOf, bash });
    expect(report.processes).toEqual([{ type: 'web', command: 'b &', line: 2 }]);
    expect(report.problems.map(({ severity, file, line }) => `${severity} ${file}:${line}`)).toEqual([
      'warning Procfile:1',
      'warning Procfile:2',
      'warning a.env:1',
      'warning b.env:2',
      'warning package.json:1',
    ]);
    expect(hasErrors(report)).toBe(false);
  });

  it('leaves programs alone if an env file sets PATH', async () => {
    const dir = makeFolder({ Procfile: 'web: a\n', 'a.js': '', 'a.env': 'A=1\n', 'b.env': 'PATH=/opt\n' });
    const lost: Bash = { ...bash, isCommand: () => false };
    const count = async (...envFiles: string[]) =>
      (await checkApp({ dir, envFiles, versionOf, bash: lost })).problems.length;
    expect(await count('a.env')).toBe(1);
    expect(await count('a.env', 'b.env')).toBe(0);
  });

  it('reports what keeps the app from starting, and continues', async () => {
    const dir = makeFolder({ 'b.env': 'junk!\n' });
    const report = await checkApp({
      dir,
      procfile: 'Procfile.dev',
      envFiles: ['a.env', 'b.env'],
      versionOf,
      bash,
    });
    expect(report.processes).toEqual([]);
    expect(report.problems.map(({ severity, file, line }) => `${severity} ${file}:${line}`)).toEqual([
      'error Procfile.dev:0',
      'error a.env:0',
      'warning b.env:1',
    ]);
    expect(hasErrors(report)).toBe(true);
  });

  it('reports a PORT that start would refuse, unless start has another one', async () => {
    const dir = makeFolder({ Procfile: 'web: a\n', 'a.env': 'PORT=1\nA="x\ny"\nPORT=abc\n' });
    const options = { dir, envFiles: ['a.env'], versionOf, bash };
    expect((await checkApp(options)).problems.map(formatProblem)).toEqual([
      'a.env:4: error: PORT in a.env is not a port: "abc". Give a number from 0 to 65535; 0 takes any free port.',
    ]);
    expect((await checkApp({ ...options, isPortGiven: true })).problems).toEqual([]);
  });

  it('takes what the env files and the shell set for app.json', async () => {
    const dir = makeFolder({
      Procfile: 'web: a\n',
      '.env': 'A=1\n',
      'app.json': '{"env": {"A": {}, "B": {}, "C": {}}}',
    });
    const { problems } = await checkApp({ dir, versionOf, bash, shell: { B: '1' } });
    expect(problems.map(({ message }) => message)).toEqual(['The config var `C` is required and not set.']);
  });

  const apps = readdirSync(EXAMPLES).filter((name) => name !== 'doctor');
  it.each(apps)('has nothing to say of the example %s', async (name) => {
    const dir = join(EXAMPLES, name);
    // As if what the example asks for were installed.
    const wanted: VersionOf = async (program) => (program === 'node' ? 'v22.0.0' : '3.13.9');
    expect((await checkApp({ dir, versionOf: wanted, bash })).problems).toEqual([]);
  });

  it('reports a Procfile with nothing to run as an error', async () => {
    const report = await checkApp({ dir: makeFolder({ Procfile: 'web node a.js\n' }), versionOf, bash });
    expect(hasErrors(report)).toBe(true);
  });

  it('checks the start script of an app without a Procfile', async () => {
    const dir = makeFolder({ 'package.json': '{"scripts":{"start":"node nosuch.js"}}' });
    const { problems } = await checkApp({ dir, versionOf, bash });
    expect(problems.map(formatProblem)).toContainEqual(
      'package.json: warning: `npm start` runs `node nosuch.js`. There is no file `nosuch.js` here. ' +
        'Correct its path, or build the app.',
    );
  });

  it('lists `npm start` for an app without a Procfile', async () => {
    const dir = makeFolder({ 'package.json': '{"scripts":{"start":"x"}}' });
    const report = await checkApp({ dir, versionOf, bash });
    expect(report.processes).toEqual([{ type: 'web', command: 'npm start', line: 0 }]);
    expect(hasErrors(report)).toBe(false);
  });

  it('hides no bug of dynosim', async () => {
    const dir = makeFolder({ Procfile: 'web: a', 'runtime.txt': 'python-3.11.2' });
    const broken: VersionOf = () => Promise.reject(new TypeError('bug'));
    await expect(checkApp({ dir, versionOf: broken, bash })).rejects.toThrow(TypeError);
  });
});

describe('toJson', () => {
  it('has the remedy in the message, and only the keys that are promised', () => {
    const problem = {
      severity: 'warning',
      file: 'f',
      line: 3,
      column: 4,
      message: 'Bad.',
      hint: 'Mend it.',
    } as const;
    expect(
      toJson({ processes: [{ type: 'web', command: 'a', line: 1 }], problems: [problem] }),
    ).toStrictEqual({
      processes: [{ type: 'web', command: 'a', line: 1 }],
      problems: [{ severity: 'warning', file: 'f', line: 3, message: 'Bad. Mend it.' }],
    });
  });
});
