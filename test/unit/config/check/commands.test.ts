import { describe, expect, it } from 'vitest';
import { type Bash, findCommandProblems, type Place } from '../../../../src/config/check/commands.js';
import { parseProcfile } from '../../../../src/procfile/parse.js';
import { formatProblem } from '../../../../src/procfile/problem.js';
import { makeFolder } from '../../../helpers/folder.js';

/** A bash that stumbles over nothing but the word `stumble`, and has few programs. */
const bash: Bash = {
  syntaxError: (command) => (command.includes('stumble') ? "unexpected token `\u001b'" : undefined),
  isCommand: (word) => ['node', 'python3', 'exec', 'cd'].includes(word),
};

function warnings(text: string, place: Partial<Place> = {}): string[] {
  const { lines } = parseProcfile(text);
  const where = { dir: makeFolder(), bash, setsPath: false, ...place };
  return findCommandProblems(lines.values(), 'Procfile', where).map(formatProblem);
}

describe('a warning about a command', () => {
  it.each([
    'web: node server.js',
    'web: node a.js & node b.js',
    'web: node a.js & wait',
    'web: (sleep 1; kill $$) & exec node a.js',
    'web: echo a \\&',
    'web: node a.js # not &',
    'web: PORT=$PORT node server.js',
    `web: PORT=\${PORT:-3000} node server.js`,
    'web: PORT=3000 gunicorn app:app -b 0.0.0.0:$PORT',
    'web: PORT=3000 node app.js & bin/proxy',
    'web: PORT=3000 node app.js | bin/proxy',
    'web: PORT=3000; node app.js',
    'web: PORT=3000',
    'web: SUPPORT=3000 node app.js',
    'web: node app.js PORT=3000',
    'worker: PORT=3000 node worker.js',
    'web: stumble \\\n  over this',
    'web: node a.js &\nweb: node a.js',
  ])('is not given for the harmless %j', (text) => {
    expect(warnings(text)).toEqual([]);
  });

  it('says that bash cannot read it, in its words, and nothing else', () => {
    expect(warnings('web: a\nworker:  stumble &\n')).toEqual([
      "Procfile:2:10: warning: Bash cannot read this command: unexpected token `U+001B'. Mend it: as it is, nothing of it runs.",
    ]);
  });

  it('says that the dyno ends at once', () => {
    expect(warnings('worker: node worker.js &\n')).toEqual([
      'Procfile:1:24: warning: Bash does not wait for a command that ends in `&`: the dyno is over at once. Remove the `&`.',
    ]);
  });

  it.each(['a: node server.js; notify &', 'a: sleep 1 & wait; true &', 'a: x \\&', 'a: x && y # &'])(
    'says nothing of what may well be meant: %s',
    (text) => {
      expect(warnings(text)).toEqual([]);
    },
  );

  it.each([
    ['PORT=3000 node server.js', 6],
    ['env PORT=3000 node server.js', 10],
    ['NODE_ENV=production XPORT=3000 PORT=3000 npm start', 37],
  ])('says that the app listens in vain: %s', (command, column) => {
    expect(warnings(`web: ${command}`)).toEqual([
      `Procfile:1:${column}: warning: \`PORT=3000\` hides the port that the dyno is given, and only there do requests arrive. Remove it, and let the app listen on $PORT.`,
    ]);
  });

  it('asks bash about a hundred commands at most', () => {
    const text = Array.from({ length: 1000 }, (_, index) => `a${index}: stumble\n`).join('');
    let asked = 0;
    const syntaxError = (): undefined => void asked++;
    warnings(text, { bash: { ...bash, syntaxError } });
    expect(asked).toBe(100);
  });
});

describe('what is not there', () => {
  const app = () => makeFolder({ 'server.js': '', 'lib/a.py': '', 'lib/b.ts': '', 'lib/other.rb': '' });

  it.each([
    'a: node server.js',
    'a: node ./lib/../server.js',
    'a: python3 lib/a.py',
    'a: node dist/server.js',
    'a: node lib/b.js',
    'a: node /srv/other.js',
    'a: node --inspect other.js',
    'a: node other',
    'a: node other.js$X',
    'a: node other.py',
    'a: node "other.js"',
    'a: cd lib && node other.js',
    'a: exec node other.js',
    'a: X=$(nod) node server.js',
    'a: PATH=bin nod server.js',
    'a: bin/nod server.js',
    'a: $NOD server.js',
    'a: nod () { node server.js; }; nod',
    'a: nod;',
    'a: stumble nod',
  ])('is no matter for %j', (text) => {
    const found = warnings(text, { dir: app() });
    expect(found.filter((warning) => !warning.includes('Bash'))).toEqual([]);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['a Procfile lies on its own', {}, false],
    ['a profile script may change everything', { 'package.json': '', '.profile': '' }, false],
    ['several profile scripts may', { 'package.json': '', '.profile.d/x.sh': '' }, false],
    ['an env file sets PATH', { 'package.json': '' }, true],
  ])('is no matter where %s', (_, files, setsPath) => {
    expect(warnings('a: nod a.js\nb: node a.js\n', { dir: makeFolder(files), setsPath })).toEqual([]);
  });

  it('is a program', () => {
    expect(warnings('web: X=1 A=b  nod server.js\n', { dir: app() })).toEqual([
      'Procfile:1:15: warning: There is no program `nod` here. Correct its name, or install it; on Heroku a buildpack may do that.',
    ]);
  });

  it('is a file, with what may be meant', () => {
    const text = 'web: X=1 node  sever.js --port\na: python3 lib/other.py\nb: node ./lib/a.js | cat';
    expect(warnings(text, { dir: app() })).toEqual([
      'Procfile:1:16: warning: There is no file `sever.js` here. Did you mean `server.js`?',
      'Procfile:2:12: warning: There is no file `lib/other.py` here. Correct its path, or build the app.',
      'Procfile:3:9: warning: There is no file `./lib/a.js` here. Correct its path, or build the app.',
    ]);
  });
});
