import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnv } from '../../../src/config/env-file.js';
import { formatProblem } from '../../../src/procfile/problem.js';
import { anyText } from '../../helpers/any-text.js';

const warnings = (text: string): string[] => parseEnv(text).problems.map(formatProblem);

describe('a warning about an env file', () => {
  it.each([
    '',
    '# comment\n\n  # another\nA=1\nB = 2\nexport C=3\nD: 4\nE=\n',
    'A="line 1\nline 2" # comment\nB=\'{"a": "#"}\'\n',
    'KEY="-----BEGIN KEY-----\nMIIBVw==\nabc=\n-----END KEY-----"\n',
    'PASSWORD=pa$word$1\nPRICE="5 $"\n',
    `A='\${B}'\nC='$(d)'\nE=\\\${B}\n`,
    'A=it\'s\nB=a"b"c\n',
    'lower=1\nA1=2\n_A=3\n',
    'A=1\r\nB=2\r\n',
    'PORT=3000\nA=1\nA=2\n',
  ])('is not given for the harmless file %j', (text) => {
    expect(warnings(text)).toEqual([]);
  });

  it('says that a line sets nothing', () => {
    expect(warnings('A=1\nthis is not env\n')).toEqual([
      '.env:2:1: warning: This line is not KEY=value: nothing is set. Begin comments with #, and put values of several lines in quotes.',
    ]);
    expect(warnings('; a\n; b\nA=1')).toEqual([
      '.env:1:1: warning: Lines 1 to 2 are not KEY=value: nothing is set. Begin comments with #, and put values of several lines in quotes.',
    ]);
    const places = (text: string) =>
      warnings(text).map((line) => line.replace(/ warning: (Lines? \d+ to \d+|Not set|This line).*/, ' $1'));
    expect(places('A=1\nsome\nthing else\n\n# c\nFOO\nexport BAR\n\nBAZ\n"x": 1')).toEqual([
      '.env:2:1: Lines 2 to 3',
      '.env:6:1: Lines 6 to 7',
      '.env:9:1: Lines 9 to 10',
    ]);
    expect(places('FOO\r\nA=1\r\nexport BAR\r\n')).toEqual(['.env:1:1: Not set', '.env:3:1: Not set']);
    expect(warnings('A=1\nexport FOO')).toEqual([
      '.env:2:1: warning: Not set: `FOO` has no value. Write `FOO=` for an empty one.',
    ]);
  });

  it('says that dotenv loses a variable named __proto__', () => {
    expect(warnings('__proto__=1')).toEqual([
      '.env:1:1: warning: Not set: dotenv loses a variable named `__proto__`. Give it another name.',
    ]);
  });

  it('says that a quote is not closed', () => {
    expect(warnings('A=1\nFOO="bar\nB=1')).toEqual([
      '.env:2:1: warning: The value of `FOO` keeps its ", because the quote is not closed. Close the quote with ".',
    ]);
    expect(warnings('FOO="bar"baz')).toEqual([
      '.env:1:1: warning: The value of `FOO` keeps its ", because text follows the closing quote. Put all of the value in quotes.',
    ]);
  });

  it('says that a quote swallows another variable', () => {
    expect(warnings('A="x\nB=1\nC=2"\n')).toEqual([
      '.env:1:1: warning: The value of `A` goes on to line 3 and takes in `B=`. Close the quote " where the value ends.',
    ]);
  });

  it('says where a # cuts a value', () => {
    expect(warnings('URL=http://h/p#frag')).toEqual([
      '.env:1:15: warning: The value of `URL` ends here: # begins a comment. Put a value that contains # in quotes.',
    ]);
    for (const text of ['A=b #c', 'A= #c', 'A: #c', 'A="b"#c', 'A="b#c"']) expect(warnings(text)).toEqual([]);
    expect(warnings('A="b"c#d')[0]).toContain('keeps its "');
    expect(warnings('COLOR=#fff')).toEqual([
      '.env:1:7: warning: The value of `COLOR` is empty: # begins a comment. Put a value that contains # in quotes.',
    ]);
  });

  it('names references that are not expanded', () => {
    expect(warnings(`A=1\nB=x\${A:-secret}y\nC="$A"\nD=$(date)`)).toEqual([
      `.env:2:1: warning: In the value of \`B\`, \${A} is not replaced. Write the value out.`,
      '.env:3:1: warning: In the value of `C`, $A is not replaced. Write the value out.',
      '.env:4:1: warning: In the value of `D`, $(…) is not run. Write the value out.',
    ]);
  });

  it('says which names Heroku refuses', () => {
    expect(warnings('HEROKU_X=1\n__X=1\nFOO.BAR=1\nFOO-BAR=1')).toEqual([
      '.env:1:1: warning: Heroku accepts no config var named `HEROKU_X`: names that begin with HEROKU_ are reserved. dynosim sets it anyway.',
      '.env:2:1: warning: Heroku accepts no config var named `__X`: names must not begin with __. dynosim sets it anyway.',
      '.env:3:1: warning: Heroku accepts no config var named `FOO.BAR`: names consist of letters, digits and _. dynosim sets it anyway.',
      '.env:4:1: warning: Heroku accepts no config var named `FOO-BAR`: names consist of letters, digits and _. dynosim sets it anyway.',
    ]);
  });

  it('is one for a value that no command could be started with', () => {
    // With the `=` and the byte at its end it is just what Linux takes.
    const most = 'x'.repeat(128 * 1024 - 'LONG='.length - 1);
    const total =
      '.env:1: warning: All variables together take 128 KB; Heroku accepts at most 64 KB. Keep long values in files.';
    expect(warnings(`LONG="${most}"`)).toEqual([total]);
    expect(warnings(`LONG='${most}x'`)).toEqual([
      total,
      '.env:1:1: warning: The value of `LONG` is 129 KB long: Linux cannot start a command with more than 128 KB in a ' +
        'variable. Keep it in a file, and the path in the variable.',
    ]);
  });

  it('is one if the total exceeds Heroku’s limit', () => {
    const half = 'x'.repeat(32 * 1024 - 1);
    expect(warnings(`A=${half}\nB=${half}`)).toEqual([]);
    expect(warnings(`A=${half}\nB=${half}x`)).toEqual([
      '.env:1: warning: All variables together take 65 KB; Heroku accepts at most 64 KB. Keep long values in files.',
    ]);
  });

  it('is one for a file that is JSON', () => {
    expect(warnings('{\n  "port": 80\n}\n')).toEqual([
      '.env:1: warning: This is JSON, which only `heroku local` reads: nothing is set. Write KEY=value on each line.',
    ]);
  });

  it('shows no value, for it may be a secret', () => {
    const line = fc.constantFrom(
      'A="hunter2',
      'B=hunter2#x',
      'C="hunter2"x',
      `D=\${X:-hunter2}`,
      'E=$(hunter2)',
      'hunter2!',
      '-- hunter2',
      'F="a\nhunter2',
      '.G=hunter2',
      'H="x\nI=hunter2"',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        expect(warnings(lines.join('\n')).join()).not.toContain('hunter2');
      }),
    );
  });

  it('is given for any text without a fault', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const messages = parseEnv(text).problems.map(({ message }) => message);
        return !messages.some((message) => message === '' || /\p{Cc}/u.test(message));
      }),
    );
  });
});
