import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, USUAL_LINE } from '../../../../src/procfile/compare/clauses.js';
import { readLine } from '../../../../src/procfile/lines.js';
import { parseProcfile } from '../../../../src/procfile/parse.js';
import { formatProblem } from '../../../../src/procfile/problem.js';

/** The warnings about a text; adds a line that runs if there is none. */
function warnings(text: string): string[] {
  const { problems } = parseProcfile(text);
  return problems.filter(({ severity }) => severity === 'warning').map(formatProblem);
}

describe('a warning about a Procfile line', () => {
  it.each([
    'web: node server.js\nworker: node worker.js\n',
    '# comment\n#comment\n\nweb: a\n\n\nrelease: b',
    'web: a\r\nworker: b\r\n',
    'web:   bundle exec puma -C config/puma.rb   \nclock:\tx\n',
    "web: sh -c 'a && b' # && c: d \\\\\n",
    'etcd1: a\n2nd: b\n',
  ])('is not given for the harmless file %j', (text) => {
    expect(warnings(text)).toEqual([]);
  });

  it('is not looked for in usual lines, because all parsers read them alike', () => {
    fc.assert(
      fc.property(fc.stringMatching(USUAL_LINE), fc.constantFrom('\n', '\r\n', ''), (text, end) => {
        const line = { number: 2, text, hasBom: false, end } as const;
        expect(judge(line, readLine(text)).filter(({ agrees }) => !agrees)).toEqual([]);
      }),
    );
  });

  it('describes how each parser treats a missing space after the colon', () => {
    expect(warnings('web:node a.js')).toEqual([
      "Procfile:1:5: warning: No space after the colon. Heroku's classic parser ignores this line; Railpack fails the build; the buildpack parser, `heroku local` and foreman run it. Write `web: node a.js`.",
    ]);
  });

  it('says what only Railpack reads otherwise, as it reads YAML', () => {
    expect(warnings('web: echo "a: b"\nworker: c\n')).toEqual([
      'Procfile:1:13: warning: A colon before a space in the command, which means something else in YAML. Railpack fails the build; the other parsers run it. Move the command into a script.',
    ]);
    expect(warnings('web: "$HOME/a" b')).toEqual([
      'Procfile:1:6: warning: `"` at the start of the command, which means something else in YAML. Railpack fails the build; the other parsers run it. Move the command into a script.',
    ]);
    expect(warnings("web: sh -c 'a # b'")).toEqual([
      "Procfile:1:15: warning: `#` after a space in the command, which means something else in YAML. Railpack runs the command `sh -c 'a`; Heroku's classic parser, the buildpack parser, `heroku local` and foreman run it. Move the command into a script.",
    ]);
  });

  it('describes how each parser treats white space before the name', () => {
    expect(warnings('# x\n  web: node a.js')).toEqual([
      "Procfile:2:1: warning: White space before the name. `heroku local` runs `npm start` instead of the whole file; foreman ignores this line; Railpack fails the build; Heroku's classic parser and the buildpack parser run it. Write `web: node a.js`.",
    ]);
  });

  it('describes how the classic parser reads a space before the colon', () => {
    expect(warnings('web : node a.js')).toEqual([
      "Procfile:1:4: warning: Not run: a space before the colon. Heroku's classic parser makes a process type `web` of it, with the command `: node a.js`; the buildpack parser fails the build; `heroku local` refuses the whole file; Railpack makes a process type `web` of it, with the command `node a.js`; foreman ignores it. Write `web: node a.js`.",
    ]);
  });

  it('says that the classic parser makes a process type of a line without a colon', () => {
    expect(warnings('hello there\nweb: a')).toEqual([
      "Procfile:1:1: warning: Not run: no colon after a name. Heroku's classic parser makes a process type `hello` of it, with the command `there`; the buildpack parser and Railpack fail the build; `heroku local` refuses the whole file; foreman ignores it. Write `hello: there`, or begin the line with # if it is a comment.",
    ]);
  });

  it.each(['web = node a.js', 'web=node a.js'])('writes %j anew without its =', (line) => {
    expect(warnings(line)[0]).toMatch(/Write `web: node a\.js`, or begin/);
  });

  it('also covers a line whose colon is elsewhere', () => {
    expect(warnings('heroku ps:scale web=1\nweb: a')).toEqual([
      "Procfile:1:1: warning: Not run: `heroku ps` is not a valid name of a process type. Heroku's classic parser makes a process type `heroku` of it, with the command `ps:scale web=1`; the buildpack parser and Railpack fail the build; `heroku local` refuses the whole file; foreman ignores it. Names consist of letters, digits, - and _. If the line is a comment, begin it with #.",
    ]);
  });

  it('says that the type Web gets no requests', () => {
    expect(warnings('Web: a')).toEqual([
      "Procfile:1:1: warning: `Web` is not `web`, so it gets no requests. The buildpack parser runs it as `web`; Heroku's classic parser, `heroku local`, foreman and Railpack run it. `web` works everywhere.",
    ]);
  });

  it('describes how the buildpack reads capitals and underscores', () => {
    expect(warnings('Worker: a')).toEqual([
      "Procfile:1:1: warning: A capital letter in `Worker`. The buildpack parser runs it as `worker`; Heroku's classic parser, `heroku local`, foreman and Railpack run it. `worker` works everywhere.",
    ]);
    expect(warnings('my_worker: a')).toEqual([
      "Procfile:1:3: warning: An underscore in `my_worker`. The buildpack parser runs it as `my-worker`; Heroku's classic parser, `heroku local`, foreman and Railpack run it. `myworker` works everywhere.",
    ]);
  });

  it('is one short line for all hyphens, because only `heroku local` refuses them', () => {
    expect(warnings('my-worker: a\nweb: b\nmy-clock: c\n')).toEqual([
      'Procfile:1:3: warning: A hyphen in `my-worker`, as on line 3. `heroku local` refuses the whole file; the other parsers run it. `myworker` works everywhere.',
    ]);
  });

  it('is one for all indented comments, and one for all empty lines with CR LF', () => {
    expect(warnings('  # a\nweb: b\n   # c\n # d\n')).toEqual([
      'Procfile:1:1: warning: White space before a comment, as on lines 3 and 4. `heroku local` runs `npm start` instead of the whole file; the other parsers ignore it. Begin the line with #.',
    ]);
    expect(warnings('web: b\r\n\r\n\r\n')).toEqual([
      'Procfile:2:1: warning: An empty line that ends in CR LF, as on line 3. `heroku local` runs `npm start` instead of the whole file; the other parsers ignore it. Save the file with LF line ends.',
    ]);
  });

  it('combines all causes in one line', () => {
    expect(warnings('  My-worker:x')).toEqual([
      "Procfile:1:1: warning: White space before the name, no space after the colon and a capital letter and a hyphen in `My-worker`. Heroku's classic parser and foreman ignore this line; the buildpack parser runs it as `my-worker`; `heroku local` refuses the whole file; Railpack fails the build. Write `myworker: x`.",
    ]);
  });

  it('does not suggest a name that another line has', () => {
    expect(warnings('my-worker: a\nmyworker: b')[0]).toContain('Only names of a-z and 0-9 work everywhere.');
  });

  it('says that slashes do not begin a comment', () => {
    expect(warnings('// c\nweb: a')).toEqual([
      "Procfile:1:1: warning: Not run: `//` does not begin a comment, # does. The buildpack parser and Railpack fail the build; `heroku local` refuses the whole file; Heroku's classic parser and foreman ignore it. Begin the line with #.",
    ]);
  });

  it('describes which of several lines with one name each parser runs', () => {
    expect(warnings('web: one\nweb: two')).toEqual([
      "Procfile:1:1: warning: Not run: line 2 says `web` again, and the last line counts. Foreman runs each; Heroku's classic parser, the buildpack parser, `heroku local` and Railpack run line 2 only. Remove one of them.",
    ]);
  });

  it('says that the classic parser runs the earlier line if it cannot read the later one', () => {
    expect(warnings('web: one\nweb:two')[0]).toBe(
      "Procfile:1:1: warning: Not run: line 2 says `web` again, and the last line counts. Heroku's classic parser runs this one; foreman runs each; Railpack fails the build; the buildpack parser and `heroku local` run line 2 only. Remove one of them.",
    );
  });

  it('says that a line has no command', () => {
    expect(warnings('web:\nworker: x')).toEqual([
      "Procfile:1:5: warning: Not run: no command after the colon. The buildpack parser fails the build; `heroku local` runs `npm start` instead of the whole file; Heroku's classic parser, foreman and Railpack ignore it. Write `web: command`, or begin the line with # to keep it for later.",
    ]);
    expect(warnings('web:  \nworker: x')[0]).toContain(
      "Heroku's classic parser and foreman make a process type `web` of it, with no command",
    );
  });

  it('says that a byte order mark hides the first line', () => {
    expect(warnings('\uFEFFweb: a')).toEqual([
      "Procfile:1:1: warning: A byte order mark at the start of the file. Heroku's classic parser and foreman ignore this line; the buildpack parser fails the build; `heroku local` runs `npm start` instead of the whole file; Railpack runs it. Save the file as UTF-8 without a byte order mark.",
    ]);
    expect(warnings('\uFEFF# c\nweb: a')).toHaveLength(1);
  });

  it('is one for all lone CRs of a file', () => {
    expect(warnings('web: a\rworker: b\rclock: c\r')).toEqual([
      'Procfile:1:7: warning: This line ends in a lone CR, which ends a line here. The buildpack parser fails the build; `heroku local` drops what comes after it; foreman takes the next line for a part of this command. Save the file with LF line ends.',
    ]);
  });

  it('is one for a merge conflict', () => {
    expect(
      warnings('cron: x\n<<<<<<< HEAD\nweb: a\nworker: a\n=======\nweb: b\nworker: b\n>>>>>>> topic\n'),
    ).toEqual([
      "Procfile:2:1: warning: Unresolved merge conflict, lines 2 to 8: git's markers are not run. The buildpack parser and Railpack fail the build; `heroku local` refuses the whole file; Heroku's classic parser and foreman ignore them. Of a type that both sides have, the later line runs; foreman runs each. Resolve the conflict.",
    ]);
  });

  it('is one for each of two conflicts, and for a type that appears again after one', () => {
    const conflict = '<<<<<<< a\nx: 1\n=======\nx: 2\n>>>>>>> b\n';
    expect(warnings(conflict + conflict.replaceAll('x', 'y')).map((text) => text.slice(0, 12))).toEqual([
      'Procfile:1:1',
      'Procfile:6:1',
    ]);
    expect(warnings(`${conflict}x: 3\n`).map((text) => text.slice(0, 12))).toEqual([
      'Procfile:1:1',
      'Procfile:2:1',
      'Procfile:4:1',
    ]);
  });

  it('is one for a command that a backslash seems to continue', () => {
    expect(warnings('web: node \\\n  --port 3000 \\\n  --quiet\nworker: x\n')).toEqual([
      "Procfile:1:6: warning: A backslash does not continue a line: the command is only `node \\`, and lines 2 and 3 are not run. Heroku's classic parser makes a process type `--port` of line 2, with the command `3000 \\`; the buildpack parser fails the build; `heroku local` refuses the whole file; Railpack adds line 2 to the command before; foreman ignores them. Write the whole command on one line.",
    ]);
  });

  it('names the first of several continued lines that make a process type elsewhere', () => {
    expect(warnings('web: node \\\n  --port 3000 \\\n  --host x\n')[0]).toContain('`--port` of line 2, with');
  });

  it('is given for a backslash at the end even if nothing follows that it could continue', () => {
    expect(warnings('web: node \\\nworker: x')).toEqual([
      'Procfile:1:6: warning: A backslash does not continue a line: the command is only `node \\`. Write the whole command on one line.',
    ]);
    expect(warnings('web: echo \\\\')).toEqual([]);
  });

  it('is one for a block as YAML has them', () => {
    expect(warnings('release: |\n  a\n  b\nweb: x')).toEqual([
      "Procfile:1:10: warning: `|` does not begin a block: the command is only `|`, and lines 2 and 3 are not run. The buildpack parser fails the build; `heroku local` refuses the whole file; Railpack runs these lines as the command; Heroku's classic parser and foreman ignore them. Write the whole command on one line.",
    ]);
  });

  it('ends a block as YAML does, at the first line that is not indented', () => {
    expect(warnings('web: >-\n  a\nb\n  c\n').map((text) => text.slice(0, 12))).toEqual([
      'Procfile:1:6',
      'Procfile:3:1',
      'Procfile:4:3',
    ]);
  });

  it('says that the buildpack refuses a name of 64 characters', () => {
    expect(warnings(`${'a'.repeat(64)}: x`)).toEqual([
      'Procfile:1:64: warning: A name of 64 characters. The buildpack parser fails the build; the other parsers run it. A name of at most 63 characters works everywhere.',
    ]);
  });

  it('names a character that only looks like a space', () => {
    expect(warnings('web:\u00A0node a.js')).toEqual([
      "Procfile:1:5: warning: U+00A0 instead of a space. Heroku's classic parser ignores this line; `heroku local` runs the command `node a.js`; Railpack fails the build; the buildpack parser and foreman run it. Write `web: node a.js`.",
    ]);
  });

  it('is given for a character that only some take for the end of a line', () => {
    expect(warnings('web: a\u2028b')).toEqual([
      "Procfile:1:5: warning: An unusual character in the command. `heroku local` runs the command `a`; Railpack fails the build; Heroku's classic parser, the buildpack parser and foreman run it. Remove it.",
    ]);
  });

  it('prints nothing of the file that would steer a terminal', () => {
    expect(warnings('a\u001B[31m: x\nweb: y')[0]).toContain('`aU+001B[31m`');
  });

  it('has a remedy that all parsers agree on', () => {
    const piece = fc.constantFrom(
      'web',
      'Web',
      'my-worker',
      'a_b',
      ' ',
      '\t',
      ':',
      ': ',
      'node',
      '--port 1',
      '#',
      '\u00A0',
      '\uFEFF',
    );
    const line = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(line, (text) => {
        for (const { hint } of parseProcfile(text).problems) {
          const [, remedy] = /^Write `([^`…]+: [^`…]+)`/.exec(hint ?? '') ?? [];
          // Other lines are given an example, or keep the name that the user chose.
          if (remedy === undefined || /[A-Z_-].*: |U\+/.test(remedy)) continue;
          // Nor is the command changed, which YAML may read otherwise.
          expect(warnings(remedy).filter((warning) => !warning.includes('in YAML'))).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
