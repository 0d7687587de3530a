import { describe, expect, it } from 'vitest';
import type { Bash } from '../../../../src/base/programs.js';
import { findCommandProblems } from '../../../../src/config/check/commands.js';
import type { CommandPlace } from '../../../../src/config/check/place.js';
import { parseProcfile } from '../../../../src/procfile/parse.js';
import { formatProblem } from '../../../../src/procfile/problem.js';
import { makeFolder } from '../../../helpers/folder.js';

/** A bash that stumbles over nothing but the word `stumble`, and has few programs. */
const bash: Bash = {
  syntaxError: (command) => (command.includes('stumble') ? "unexpected token `\u001b'" : undefined),
  isCommand: (word) => !word.startsWith('nod') || word === 'node',
};

function warnings(text: string, place: Partial<CommandPlace> = {}): string[] {
  const { lines } = parseProcfile(text);
  const where = {
    dir: makeFolder({
      'package.json': '{}',
      'server.js': '',
      'app.js': '',
      'worker.js': '',
      'a.js': '',
      'b.js': '',
    }),
    bash,
    vars: new Set<string>(),
    ...place,
  };
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
    'web: PORT="$P" node app.js',
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

  it('shows bash’s syntax error, and nothing else', () => {
    expect(warnings('web: a\nworker:  stumble &\n')).toEqual([
      "Procfile:2:10: warning: Bash cannot read this command: unexpected token `U+001B'. Correct it: as it is, none of it runs.",
    ]);
  });

  it('says that the dyno ends at once', () => {
    expect(warnings('worker: node worker.js &\n')).toEqual([
      'Procfile:1:24: warning: Bash does not wait for a command that ends in `&`: the dyno exits at once. Remove the `&`.',
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
  ])('says that the app listens on the wrong port: %s', (command, column) => {
    expect(warnings(`web: ${command}`)).toEqual([
      `Procfile:1:${column}: warning: \`PORT=3000\` overrides the port that the dyno is given, the only one that gets requests. Remove it, and let the app listen on $PORT.`,
    ]);
  });

  it('says so of a port that is none', () => {
    expect(warnings('worker: node a.js\nweb: PORT=abc node server.js')[0]).toMatch(
      /^Procfile:2:6: warning: `PORT=abc` overrides the port/,
    );
  });

  it('asks bash about a hundred commands at most', () => {
    const text = Array.from({ length: 1000 }, (_, index) => `a${index}: stumble\n`).join('');
    let asked = 0;
    const syntaxError = (): undefined => void asked++;
    warnings(text, { bash: { ...bash, syntaxError } });
    expect(asked).toBe(100);
  });
});
