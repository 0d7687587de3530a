import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../../src/config/languages.js';
import { buildpack } from '../../../../src/doctor/files/buildpack.js';
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

describe('buildpack', () => {
  const REJECTED =
    'unless buildpacks are set for it, a push is rejected with "No default language could be detected for this app".';
  const setInAppJson = (...urls: readonly string[]): Files => ({
    'app.json': JSON.stringify({ buildpacks: urls.map((url) => ({ url })) }),
  });

  it.each<[string, Files, RegExp]>([
    ['passes an app that one takes', { 'package.json': '{}' }, /^pass: heroku\/nodejs takes it\.$/],
    ['passes what one takes by its source', { 'app.py': '' }, /^pass: heroku\/python takes it\.$/],
    [
      'goes by the first command that shows a language',
      { Procfile: 'clock: ./tick\nweb: A=b gunicorn app:x\n' },
      /^warn: Procfile line 2: `gunicorn` comes with heroku\/python, .* → Add requirements\.txt to git; this makes it: touch /,
    ],
    [
      'warns if no command does',
      { Procfile: 'web: ./server\n' },
      /^warn: No file shows the app's language: .*a push is rejected .* → .*: Gemfile, package\.json, .* or go\.mod\.$/,
    ],
    ['warns without commands', {}, /^warn: No file shows the app's language/],
    [
      'has no file to name for a buildpack that is no language of dynosim',
      { Procfile: 'web: dotnet run\n' },
      /^skip: Whether heroku\/dotnet takes the app is not known\.$/,
    ],
    [
      'warns if a Dockerfile lacks heroku.yml',
      { Procfile: 'web: node a.js\n', Dockerfile: '' },
      /^warn: `node` comes with .* → Let heroku\.yml name the Dockerfile, and run: heroku stack:set container$/,
    ],
    [
      'cannot know the stack that heroku.yml needs',
      { Procfile: 'web: node a.js\n', 'heroku.yml': '' },
      /^skip: No buildpack takes it\. Heroku builds what heroku\.yml describes after/,
    ],
    [
      'passes those of app.json that take it',
      { 'package.json': '{}', 'app.py': '', ...setInAppJson('heroku/nodejs', 'urn:buildpack:heroku/python') },
      /^pass: heroku\/nodejs and heroku\/python are set\.$/,
    ],
    [
      'fails if one of app.json does not',
      {
        'package.json': '{}',
        ...setInAppJson('heroku/nodejs', 'https://github.com/heroku/heroku-buildpack-ruby'),
      },
      /^fail: The buildpack heroku\/ruby is set and knows none of the app's files: a push is rejected with "App not compatible with buildpack"\. → Add Gemfile to git; this makes it: bundle init/,
    ],
    [
      'cannot know those of others',
      setInAppJson('https://github.com/me/pack'),
      /^skip: Whether https:\/\/github\.com\/me\/pack takes the app is not known\.$/,
    ],
  ])('%s', async (_, files, expected) => {
    expect(await ask(buildpack, files)).toMatch(expected);
  });

  it('says what a push would, and how to mend it', async () => {
    expect(await ask(buildpack, { Procfile: 'web: node web.js\n', 'web.js': '' })).toBe(
      `warn: Procfile line 1: \`node\` comes with heroku/nodejs, which knows its apps by files such as \`package.json\`, and there is none: ${REJECTED} → ` +
        "Add package.json to git; this makes it: echo '{}' > package.json",
    );
  });

  it('prefers those that are set for the app to those of app.json', async () => {
    const files = { Procfile: 'web: node web.js\n', ...setInAppJson('heroku/ruby') };
    expect(await ask(buildpack, files, { buildpacks: ['none'] })).toBe('pass: none is set.');
    expect(await ask(buildpack, files, { buildpacks: ['heroku/nodejs'] })).toMatch(
      /^fail: The buildpack heroku\/nodejs is set .* → Add package\.json/,
    );
  });

  it.each(LANGUAGES)('mends an app of $name with a file by which $buildpack takes it', async ({ file }) => {
    expect(await ask(buildpack, { [file]: '' })).toMatch(/^pass/);
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
