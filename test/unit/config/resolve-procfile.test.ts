import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveProcfile } from '../../../src/config/resolve-procfile.js';
import { makeFolder } from '../../helpers/folder.js';

const START = '{"scripts": {"start": "node server.js"}}';

describe('resolveProcfile', () => {
  it('reads the Procfile of the folder', () => {
    const dir = makeFolder({ Procfile: 'web: a\nworker: b\n', 'package.json': START });
    const { processes, problems, path } = resolveProcfile(dir);
    expect([...processes.keys()]).toEqual(['web', 'worker']);
    expect(problems).toEqual([]);
    expect(path).toBe(join(dir, 'Procfile'));
  });

  it('reads another file on request, and names it in its problems', () => {
    const dir = makeFolder({ Procfile: 'web: a\n', 'Procfile.dev': 'web:b\n' });
    const { processes, problems } = resolveProcfile(dir, 'Procfile.dev');
    expect(processes.get('web')?.command).toBe('b');
    expect(problems).toMatchObject([{ file: 'Procfile.dev', line: 1 }]);
  });

  it('runs `npm start` without a Procfile if there is a start script, and says so', () => {
    const { processes, problems } = resolveProcfile(makeFolder({ 'package.json': START }));
    expect([...processes.values()]).toEqual([{ type: 'web', command: 'npm start', line: 0 }]);
    expect(problems).toEqual([
      {
        severity: 'warning',
        file: 'Procfile',
        line: 0,
        column: 0,
        message: 'There is no Procfile: `web: npm start` runs, because package.json has a start script.',
      },
    ]);
  });

  it('runs `npm start` for a package with a server.js, as npm does', () => {
    const { processes, problems } = resolveProcfile(makeFolder({ 'package.json': '{}', 'server.js': '' }));
    expect(processes.get('web')?.command).toBe('npm start');
    expect(problems).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('because npm starts server.js') },
    ]);
  });

  it('does not run `npm start` in place of a file that was asked for by name', () => {
    const dir = makeFolder({ Procfile: 'web: a', 'package.json': START });
    expect(() => resolveProcfile(dir, 'Procfile.dve')).toThrow(
      expect.objectContaining({ code: 'PROCFILE_MISSING', hint: 'Did you mean Procfile?' }),
    );
  });

  it('reports a Procfile without a process, even if package.json has a start script', () => {
    const { processes, problems } = resolveProcfile(
      makeFolder({ Procfile: '# later\n', 'package.json': START }),
    );
    expect(processes.size).toBe(0);
    expect(problems).toMatchObject([{ severity: 'error' }]);
  });

  it.each([
    ['server.js, but no package.json', { 'server.js': '' }, 'web: node server.js'],
    ['a main file', { 'package.json': '{ "main": "app.js" }', 'app.js': '' }, 'web: node app.js'],
    [
      'a Celery worker',
      { 'requirements.txt': 'celery', 'tasks.py': 'app = Celery()' },
      'worker: celery -A tasks worker --loglevel INFO',
    ],
  ])('suggests a line for an app with %s', (_, files, line) => {
    const dir = makeFolder(files);
    expect(() => resolveProcfile(dir)).toThrow(
      expect.objectContaining({
        code: 'PROCFILE_MISSING',
        message: `There is no Procfile in ${dir}, nor a package.json with a start script`,
        hint: `"dynosim init" writes one, with ${line}`,
      }),
    );
  });

  it.each([
    [[], 'node server.js'],
    [['requirements.txt', 'tool.py'], 'python app.py'],
    [['Gemfile'], 'bundle exec ruby app.rb'],
  ])('shows an example of a Procfile if the folder does not reveal the app: %j', (names, web) => {
    const dir = makeFolder(Object.fromEntries(names.map((name) => [name, ''])));
    expect(() => resolveProcfile(dir)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`for example: web: ${web}`) }),
    );
  });

  it.each(['Procfile.txt', 'Procfile.sh'])(
    'finds a file with a name that Heroku does not read: %s',
    (name) => {
      const dir = makeFolder({ [name]: 'web: a' });
      expect(() => resolveProcfile(dir)).toThrow(
        expect.objectContaining({
          message: `There is no Procfile in ${dir}, only ${name}`,
          hint: `Rename it: mv ${name} Procfile`,
        }),
      );
    },
  );

  it.each([
    [
      'one for another occasion',
      { 'Procfile.dev': 'web: a' },
      ', only Procfile.dev',
      () => 'Name it: -f Procfile.dev',
    ],
    [
      'one in a folder below',
      { 'backend/Procfile': 'web: a', 'server.js': '', 'node_modules/Procfile': '' },
      ', nor a package.json with a start script',
      (dir: string) => `One is below it: --dir ${dir}/backend`,
    ],
  ])('finds %s', (_, files, message, hint) => {
    const dir = makeFolder(files);
    expect(() => resolveProcfile(dir)).toThrow(
      expect.objectContaining({ message: `There is no Procfile in ${dir}${message}`, hint: hint(dir) }),
    );
  });

  it('does not take a broken package.json for one without a script', () => {
    expect(() => resolveProcfile(makeFolder({ 'package.json': '{nope' }))).toThrow(
      expect.objectContaining({
        code: 'PACKAGE_JSON_NOT_JSON',
        message: expect.stringMatching(/^There is no Procfile in .*, and package\.json is not JSON: /),
        hint: expect.stringMatching(/^Correct it/),
      }),
    );
  });

  it('reports a missing folder', () => {
    const dir = join(makeFolder(), 'nowhere');
    expect(() => resolveProcfile(dir)).toThrow(`There is no folder ${dir}`);
  });

  it('reports that the Procfile is a folder', () => {
    const dir = makeFolder({ 'package.json': START });
    mkdirSync(join(dir, 'Procfile'));
    expect(() => resolveProcfile(dir)).toThrow(expect.objectContaining({ code: 'PROCFILE_NOT_A_FILE' }));
  });
});
