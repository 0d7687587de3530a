import { describe, expect, it } from 'vitest';
import { dependencies } from '../../../../src/doctor/files/dependencies.js';
import { procfile } from '../../../../src/doctor/files/procfile.js';
import { versions } from '../../../../src/doctor/files/versions.js';
import { workers } from '../../../../src/doctor/files/workers.js';
import type { FileQuestion } from '../../../../src/doctor/question.js';
import { type SubjectFlags, subjectIn } from '../../../helpers/doctor-subject.js';
import { makeFolder } from '../../../helpers/folder.js';

type Files = Readonly<Record<string, string>>;

/** `verdict: seen → mend` */
async function ask(question: FileQuestion, files: Files, flags?: SubjectFlags): Promise<string> {
  const { verdict, seen, mend } = await question.ask(await subjectIn(makeFolder(files), flags));
  return `${verdict}: ${seen}${mend === null ? '' : ` → ${mend}`}`;
}

const SERVER = "import http from 'http';\nhttp.createServer(() => {}).listen(process.env.PORT);\n";

describe('procfile', () => {
  it.each<[string, Files, RegExp]>([
    ['passes', { Procfile: 'web: a\nworker: b\n' }, /^pass: It has web and worker\.$/],
    ['fails without a Procfile', {}, /^fail: There is no Procfile in .* → Write a file named Procfile/],
    ['fails for one that is no text', { Procfile: 'web: a\0' }, /^fail: Procfile is not a text file/],
    [
      'warns of what check warns of',
      { Procfile: 'web: a\nweb: b\n' },
      /^warn: Procfile line 1: Not run: line 2/,
    ],
    [
      'skips what "files" fails',
      { procfile: 'web: a\n' },
      /^skip: There is no Procfile, only `procfile`: see "files"\.$/,
    ],
    [
      'fails if a server is not called web',
      { Procfile: 'app: node s.js\n', 's.js': SERVER },
      /^fail: Procfile line 1: There is no web type, yet `app` seems to listen.* → Name it web: `web: node s\.js`$/,
    ],
    ['fails if a known server is not', { Procfile: 'app: gunicorn x:y\n' }, /^fail: .*`app` seems to listen/],
    [
      'fails if a command takes $PORT without web',
      { Procfile: 'app: run -p $PORT\n' },
      /^fail: .*`app` seems to listen/,
    ],
    [
      'passes an app that only works',
      { Procfile: 'worker: node w.js\n', 'w.js': 'setInterval(work, 1000);\n' },
      /^pass: It has worker\.$/,
    ],
    [
      'cannot know whether a package listens',
      { Procfile: 'worker: node w.js\n', 'w.js': "import 'x';\n" },
      /^skip: There is no web type, and whether worker listens is not known\.$/,
    ],
    [
      'cannot know what another program does',
      { Procfile: 'worker: frobnicate\n' },
      /^skip: There is no web type/,
    ],
  ])('%s', async (_, files, expected) => {
    expect(await ask(procfile, files)).toMatch(expected);
  });

  it('says that Heroku reads no other file', async () => {
    const files = { Procfile: 'web: a\n', 'Procfile.dev': 'web: b\n' };
    expect(await ask(procfile, files, { procfile: 'Procfile.dev' })).toBe(
      'warn: Heroku does not read `Procfile.dev`, but only `Procfile`. → Rename it.',
    );
    expect(await ask(procfile, files, { procfile: './Procfile' })).toMatch(/^pass/);
  });
});

describe('versions', () => {
  it('passes, warns, or cannot know', async () => {
    expect(await ask(versions, {})).toBe('pass: The app asks for no version: Heroku takes its own defaults.');
    const node = (range: string): Files => ({ 'package.json': `{"engines":{"node":"${range}"}}` });
    expect(await ask(versions, node('24.x'))).toMatch(
      /^pass: Nothing in package\.json asks for another version/,
    );
    expect(await ask(versions, node('22.x'))).toMatch(
      /^warn: package\.json line 1: The app asks for Node `22\.x`; `node` here is 24\.1\.0/,
    );
    expect(await ask(versions, { 'package.json': '{' })).toMatch(/^skip: package\.json is not JSON/);
  });
});

describe('dependencies', () => {
  it('says what it has found', async () => {
    const list = { 'requirements.txt': 'gunicorn\nflask\n', 'app.py': 'import flask\n' };
    expect(await ask(dependencies, { Procfile: 'web: gunicorn app:app\n', ...list })).toBe(
      'pass: gunicorn is in requirements.txt, and 1 more like it.',
    );
    expect(await ask(dependencies, { Procfile: 'web: echo x\n' })).toBe(
      'pass: The commands need no packages.',
    );
    expect(await ask(dependencies, { Procfile: 'web: frobnicate\n' })).toMatch(/^skip: Whether a dyno has/);
    expect(await ask(dependencies, {})).toBe('skip: There is no command that could be read.');
    expect(await ask(dependencies, { Procfile: 'web: uvicorn a:b\n', 'requirements.txt': '' })).toBe(
      'fail: `web` starts `uvicorn`, but requirements.txt does not have uvicorn. → Add a line to requirements.txt: uvicorn',
    );
  });
});

describe('workers', () => {
  const ALL = { Procfile: 'web: a\nworker: b\nclock: c\nrelease: d\n' };

  it.each<[string, Files, SubjectFlags, RegExp]>([
    [
      'passes with web alone',
      { Procfile: 'web: a\nrelease: b\n' },
      {},
      /^pass: There are no process types besides web\.$/,
    ],
    [
      'warns of what sleeps with web',
      ALL,
      {},
      /^warn: Procfile line 2: worker and clock sleep with web on eco dynos\. → Use basic/,
    ],
    ['warns only of what has dynos', ALL, { formation: 'worker=0' }, /clock sleeps with web/],
    ['passes on dynos that do not sleep', ALL, { size: 'basic' }, /^pass: worker and clock do not sleep\.$/],
    ['goes by the size of web', ALL, { size: 'worker=basic' }, /^warn/],
    ['passes without web', { Procfile: 'worker: a\n' }, {}, /^pass: worker does not sleep\.$/],
    [
      'warns of two clocks',
      ALL,
      { size: 'basic', formation: 'clock=2' },
      /^warn: Procfile line 3: clock has 2 dynos, and each does everything that is due\. → .*ps:scale clock=1/,
    ],
    [
      'knows a clock by its command',
      { Procfile: 'web: a\ntimes: celery -A x beat\n' },
      { size: 'basic', formation: 'times=2' },
      /^warn: .*times has 2 dynos/,
    ],
    ['does not mind two workers', ALL, { size: 'basic', formation: 'worker=2' }, /^pass/],
    ['cannot know without process types', {}, {}, /^skip/],
  ])('%s', async (_, files, flags, expected) => {
    expect(await ask(workers, files, flags)).toMatch(expected);
  });
});
