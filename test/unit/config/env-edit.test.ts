import { Buffer } from 'node:buffer';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.js';
import { type EnvEdit, editEnv } from '../../../src/config/env-edit.js';
import { scanEnv } from '../../../src/config/env-grammar.js';
import type { VarChanges } from '../../../src/config/layers.js';
import { anyText } from '../../helpers/any-text.js';

const set = (text: string, value: string, key = 'A'): string => editEnv(text, new Map([[key, value]])).text;
const unset = (text: string, key = 'A'): string => editEnv(text, new Map([[key, null]])).text;

/** The result, or the error. */
function tryEdit(text: string, changes: VarChanges): EnvEdit | { code: string; message: string } {
  try {
    return editEnv(text, changes, 'x.env');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: error.code, message: `${error.message}. ${error.hint}` };
  }
}

function withChanges(values: Readonly<Record<string, string>>, changes: VarChanges): object {
  const result = { ...values };
  for (const [key, value] of changes) {
    if (value === null) delete result[key];
    else result[key] = value;
  }
  return result;
}

describe('setting a config var', () => {
  it.each([
    ['comments and blank lines', '# a\n\nA=1 # b\n\n# c\n', '# a\n\nA=2 # b\n\n# c\n'],
    ['order', 'C=3\nA=1\nB=2\n', 'C=3\nA=2\nB=2\n'],
    ['export, indentation and blanks', '  export  A = 1  \n', '  export  A = 2  \n'],
    ['a colon', 'A: 1\n', 'A: 2\n'],
    ['double quotes', 'A="1"\n', 'A="2"\n'],
    ['single quotes', "A='1'\n", "A='2'\n"],
    ['backticks', 'A=`1`\n', 'A=`2`\n'],
    ['line ends of Windows', 'A=1\r\nB=2\r\n', 'A=2\r\nB=2\r\n'],
    ['line ends of old Macs', 'A=1\rB=2\r', 'A=2\rB=2\r'],
    ['a byte order mark', '\uFEFFA=1\n', '\uFEFFA=2\n'],
    ['a missing line end', 'B=1\nA=1', 'B=1\nA=2'],
    ['lines that are no variable', 'junk\nA=1\n"more\n', 'junk\nA=2\n"more\n'],
  ])('keeps %s', (_, text, result) => {
    expect(set(text, '2')).toBe(result);
  });

  it.each([
    ['A=1\nB=2\n', '1'],
    ["A='1'", '1'],
    ['A=', ''],
    ['A="a\\nb" # c\r\n', 'a\nb'],
    ['A="unclosed\n', '"unclosed'],
    ['A=1\nA=2', '2'],
  ])('leaves %j alone if the value is %j already', (text, value) => {
    expect(set(text, value)).toBe(text);
  });

  it('changes the last of several, which is the one that counts', () => {
    expect(set('A=1\nB=1\nA=2\n', '3')).toBe('A=1\nB=1\nA=3\n');
  });

  it.each([
    ['A=', 'A=x'],
    ['A= # c', 'A=x # c'],
    ['A = # c', 'A = x # c'],
    ['A=# c', 'A=x # c'],
    ['A:\n\nB=1', 'A: x\n\nB=1'],
    ['A=""', 'A="x"'],
  ])('finds a place for the value in %j', (text, result) => {
    expect(set(text, 'x')).toBe(result);
  });

  it('gives a comment that touches the value a blank, as to others it is part of the value', () => {
    expect(set('A=b#c', 'x')).toBe('A=x #c');
  });

  it.each([
    ['A=1\n', 'a b', "A='a b'\n"],
    ['A=a b\n', 'c d', 'A=c d\n'],
    ['A=a b\n', 'c#d', "A='c#d'\n"],
    ['A="1"\n', 'a"b', "A='a\"b'\n"],
    ["A='1'\n", "it's", 'A="it\'s"\n'],
    ["A='1'\n", 'a\nb', "A='a\nb'\n"],
    ['A="1"\n', 'a\nb', 'A="a\\nb"\n'],
    ['A="1\n2"\n', 'a\nb', 'A="a\nb"\n'],
    ['A="1\r\n2"\r\n', 'a\nb', 'A="a\r\nb"\r\n'],
    ['A="unclosed\n', 'a b', "A='a b'\n"],
  ])('changes the quotes of %j for %j only if it must', (text, value, result) => {
    expect(set(text, value)).toBe(result);
  });

  it.each([
    ['', 'A=x\n'],
    ['\uFEFF', '\uFEFFA=x\n'],
    ['B=1\n', 'B=1\nA=x\n'],
    ['B=1', 'B=1\nA=x'],
    ['B=1\r\nC=1', 'B=1\r\nC=1\r\nA=x'],
    ['B=1\r', 'B=1\rA=x\r'],
    ['# end\n\n', '# end\n\nA=x\n'],
  ])('appends a new one to %j', (text, result) => {
    expect(set(text, 'x')).toBe(result);
  });

  it.each([
    ['x', 'x'],
    ['', '""'],
    ['postgres://u:p@h:5432/db?ssl=1', 'postgres://u:p@h:5432/db?ssl=1'],
    ['a b', "'a b'"],
    ['a#b', "'a#b'"],
    ['pa$$word', "'pa$$word'"],
    ['C:\\new\\', "'C:\\new\\'"],
    ['{"a": 1}', '\'{"a": 1}\''],
    ['`id`', "'`id`'"],
    [' x ', "' x '"],
    ["it's", '"it\'s"'],
    ['it\'s a "b"', 'it\'s a "b"'],
    ["it's\\n", "it's\\n"],
    ['a\nb', '"a\\nb"'],
    ['a\r\nb', '"a\\r\\nb"'],
    ['{\n"a": 1}', '\'{\n"a": 1}\''],
    ['a\\nb\nc', "'a\\nb\nc'"],
    ['it\'s a "b" # c', '`it\'s a "b" # c`'],
    ['"it\'s `"', '""it\'s `""'],
  ])('writes %j as %s', (value, raw) => {
    expect(set('', value)).toBe(`A=${raw}\n`);
    expect(parse(`A=${raw}\n`)).toEqual({ A: value });
  });

  it.each([
    ['takes the next line for its value', 'B:\n', 'x', 'B:\n\nA=x\n'],
    ['would be a variable if a line followed', 'B:', 'x', 'A=x\nB:'],
    ['is not closed and would be closed', 'B="b\n', 'it\'s #1 "', 'B="b\nA=`it\'s #1 "`\n'],
    ['is not closed and leaves no place at the end', 'B="b\n', "#'`", 'A="#\'`"\nB="b\n'],
    ['is not closed, with a byte order mark', '\uFEFFB="b\n', "#'`", '\uFEFFA="#\'`"\nB="b\n'],
    ['is not closed, with the key below', 'B="b\nA=1\n', "#'`", 'A="#\'`"\nB="b\n'],
    ['goes on in the next line', 'A=1\n"b"\n', '', 'A=""\n"b"\n'],
  ])('finds a way around a text that %s', (_, text, value, result) => {
    expect(set(text, value)).toBe(result);
  });
});

describe('removing a config var', () => {
  it.each([
    ['A=1\nB=2\n', 'B=2\n'],
    ['# a\nA=1 # b\n\nB=2\n', '# a\n\nB=2\n'],
    ['B=2\r\n  export A = "x\r\ny" # c\r\nC=3\r\n', 'B=2\r\nC=3\r\n'],
    ['A=1\nB=1\nA=2\n', 'B=1\n'],
    ['\uFEFFA=1\nB=2\n', '\uFEFFB=2\n'],
    ['B=2\nA=1', 'B=2'],
    ['A=1', ''],
    ['A:\n\nB=2', '\nB=2'],
    ['A="x\nA=1\n', ''],
    ['x\u2028A=1\nB=2', 'x\u2028B=2'],
    ['A=1\u2028B=2', ''],
  ])('removes its lines from %j', (text, result) => {
    expect(unset(text)).toBe(result);
  });

  it.each(['', '# A=1\n', 'B="\nA=1"\n', 'XA=1\n', 'A\n'])('leaves %j alone', (text) => {
    expect(unset(text)).toBe(text);
  });

  it('leaves a trace where its lines kept others apart', () => {
    expect(unset('B=\nA=1\n"c"\n')).toBe('B=\n#\n"c"\n');
  });

  it('leaves lines that would become the key without its own', () => {
    expect(unset('A\nA=1\n=2\n')).toBe('A\n#\n=2\n');
  });

  it('takes out what dotenv does not read', () => {
    expect(unset('__proto__=1\nB=2\n', '__proto__')).toBe('B=2\n');
  });
});

describe('a change that cannot be made', () => {
  it.each([
    ['a newline and all three kinds of quotes', 'a\n\'"`'],
    ['a carriage return that is not part of a line end', 'a\rb'],
    ['a carriage return that is not part of a line end', 'a\r'],
    ['a zero byte', 'a\0b'],
    ['the quotes that would have to surround it', '#\'"`'],
  ])('is a value with %s', (reason, value) => {
    expect(tryEdit('B=1\n', new Map([['A', value]]))).toEqual({
      code: 'VALUE_NOT_EXPRESSIBLE',
      message: `An env file cannot hold the value of \`A\`: it contains ${reason}. Encode it, for example in base64.`,
    });
  });

  it('is a value that is not Unicode', () => {
    expect(tryEdit('', new Map([['A', '\uD800']]))).toEqual({
      code: 'VALUE_NOT_EXPRESSIBLE',
      message:
        'An env file cannot hold the value of `A`: it is not valid Unicode. Encode it, for example in base64.',
    });
    expect(set('', '\u{1F600}')).toBe("A='\u{1F600}'\n");
  });

  it.each(['', 'A B', 'A=', ' A', 'A\n', '#A', 'é', 'export A', "A'"])('is the key %j', (key) => {
    expect(tryEdit('', new Map([[key, 'x']]))).toEqual({
      code: 'KEY_NOT_EXPRESSIBLE',
      message: expect.stringMatching(
        /^An env file cannot hold a variable named `.*`\. Names consist of letters, digits and _\.$/,
      ),
    });
  });

  it('is the key __proto__, which dotenv loses', () => {
    expect(tryEdit('', new Map([['__proto__', 'x']]))).toEqual({
      code: 'KEY_NOT_EXPRESSIBLE',
      message: 'An env file cannot hold a variable named `__proto__`. Give it another name.',
    });
    expect(set('', 'x', 'constructor')).toBe('constructor=x\n');
  });

  it('is one that quotes do not let be made, and names the line', () => {
    expect(tryEdit('\nB="\nA="1"\n# "\n', new Map([['A', null]]))).toEqual({
      code: 'ENV_FILE_NOT_EDITABLE',
      message:
        'x.env:2: the quotes of `B` do not let `A` be changed. Close the quote on that line, or change it by hand.',
    });
  });

  it('keeps all others from being made, whichever comes first', () => {
    const changes = new Map([
      ['A', 'x'],
      ['B', '\0'],
    ]);
    expect(() => editEnv('', changes)).toThrow(UserError);
  });
});

it('warns about what Heroku would refuse, and writes it', () => {
  const { text, warnings } = editEnv(
    '',
    new Map([
      ['HEROKU_X', '1'],
      ['A-B', '2'],
      ['1A', '3'],
      ['__A', null],
    ]),
  );
  expect(text).toBe('HEROKU_X=1\nA-B=2\n1A=3\n');
  expect(warnings).toEqual([
    'Heroku accepts no config var named `HEROKU_X`: names that begin with HEROKU_ are reserved. dynosim sets it anyway.',
    'Heroku accepts no config var named `A-B`: names consist of letters, digits and _. dynosim sets it anyway.',
  ]);
});

/** Made of what means something in an env file; text of random characters hardly ever does. */
function textOf(pieces: readonly string[], maxLength: number): fc.Arbitrary<string> {
  const meant = fc.array(fc.constantFrom(...pieces), { maxLength }).map((all) => all.join(''));
  return fc.oneof({ weight: 9, arbitrary: meant }, anyText({ maxLength }));
}

const LINE_ENDS = ['\n', '\r\n', '\r'];
const MARKS = [...LINE_ENDS, ' ', '\t', '"', "'", '`', '\\', '#', '=', '$', 'x', 'é'];
const BLANKS = ['\u00A0', '\uFEFF', '\u2028'];
const BITS = [...MARKS, ...BLANKS];
const VARS = ['A', 'b.c', 'export ', ': ', ':', '\nA=', '\nb.c=', '\nA="', "\nb.c='", '__proto__='];
const values = textOf([...BITS, '\\n', '\\r', 'A=1', '\uD800'], 8);

/**
 * As people write them: variables in all styles, several of a name, values of several lines, comments, lines to spare.
 */
const tidy = fc
  .tuple(
    fc.constantFrom('', '\uFEFF'),
    fc.array(
      fc.oneof(
        fc.constantFrom('', '  ', '# note', '#A=1', "# it's", 'no variable'),
        fc
          .tuple(
            fc.constantFrom('', '  ', 'export ', '\texport  '),
            fc.constantFrom('A', 'B', 'b.c', 'C_1', 'AA'),
            fc.constantFrom('=', ' = ', ': ', '= '),
            fc.constantFrom(
              '',
              '1',
              'a b',
              "'1'",
              '"1 2"',
              '`1`',
              '"1\\n2"',
              '"1\n2"',
              "'# 1\nA=2'",
              '"\\""',
            ),
            fc.constantFrom('', ' ', ' # note', '\t#"', '#'),
          )
          .map((parts) => parts.join('')),
      ),
      { maxLength: 8 },
    ),
    fc.constantFrom(...LINE_ENDS),
    fc.boolean(),
  )
  .map(([start, lines, end, isClosed]) => {
    const text = lines.join('\n') + (isClosed ? '\n' : '');
    return start + text.replaceAll('\n', end);
  });
const texts = fc.oneof(tidy, textOf([...BITS, ...VARS], 30));
const keys = fc.constantFrom('A', 'b.c', 'NEW', 'export', 'HEROKU_X', '__proto__', 'no key');
const changes = fc.array(fc.tuple(keys, fc.option(values)), { maxLength: 3 }).map((all) => new Map(all));

describe('any change to any text', () => {
  it('is to dotenv that change and no other, or is refused', () => {
    fc.assert(
      fc.property(texts, changes, (text, wanted) => {
        const result = tryEdit(text, wanted);
        if ('code' in result) return;
        expect(parse(result.text)).toEqual(withChanges(parse(text), wanted));
      }),
      { numRuns: 3000 },
    );
  });

  it('is read from the written bytes as from the text', () => {
    fc.assert(
      fc.property(texts, values, (text, value) => {
        fc.pre(!/\p{Surrogate}/u.test(text));
        const result = tryEdit(text, new Map([['A', value]]));
        if ('code' in result) return;
        expect(parse(Buffer.from(result.text)).A).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('adds nothing but one piece, if the key is new', () => {
    fc.assert(
      fc.property(texts, values, (text, value) => {
        const result = tryEdit(text, new Map([['NEW', value]]));
        if ('code' in result) return;
        const [, mark = '', rest = ''] = /^(\uFEFF?)(.*)$/s.exec(text) ?? [];
        const isAtEnd = result.text.startsWith(text);
        expect(isAtEnd || (result.text.startsWith(mark) && result.text.endsWith(rest))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves all lines but those of the key, in their order', () => {
    fc.assert(
      fc.property(texts, fc.option(values), (text, value) => {
        // A line put between a CR and a LF would part them; dotenv's lines end in U+2028 too, a text's do not.
        fc.pre(!(/\r(?!\n)/.test(text) && text.includes('\n')) && !/[\u2028\u2029]/.test(text));
        const result = tryEdit(text, new Map([['A', value]]));
        if ('code' in result) return;
        expect(isInOrder(linesWithout(text, 'A'), linesOf(result.text))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is refused because of the text only if that contains quotes', () => {
    fc.assert(
      fc.property(texts, changes, (text, wanted) => {
        const result = tryEdit(text, wanted);
        if ('code' in result && result.code === 'ENV_FILE_NOT_EDITABLE') expect(text).toMatch(/['"`]/);
      }),
      { numRuns: 3000 },
    );
  });

  it('is not refused for a value that one kind of quotes holds as it is, nor for one line without #', () => {
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(!/[\r\0]|\p{Surrogate}/u.test(value));
        fc.pre(!value.includes("'") || !value.includes('`') || !/[\n#\u2028\u2029]/.test(value));
        expect(parse(set('', value))).toEqual({ A: value });
      }),
      { numRuns: 3000 },
    );
  });

  it('is refused for a key unless that is letters, digits, _, - and dots', () => {
    const anyKey = fc.oneof(textOf(['A', 'b', '1', '_', '-', '.', ' ', '=', 'é', '\n'], 4), fc.string());
    fc.assert(
      fc.property(anyKey, (key) => {
        const isKey = /^[\w.-]+$/.test(key) && key !== '__proto__';
        expect('text' in tryEdit('B=1\n', new Map([[key, 'x']]))).toBe(isKey);
      }),
      { numRuns: 1000 },
    );
  });

  it('changes nothing if all is as wanted', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(editEnv(text, new Map(Object.entries(parse(text)))).text).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

function linesOf(text: string): readonly string[] {
  return text.replaceAll('\uFEFF', '').split(/\r\n|\r|\n/);
}

/** The lines that no variable of this name has a part in. */
function linesWithout(text: string, key: string): readonly string[] {
  const own = new Set<number>();
  for (const entry of scanEnv(text)) {
    if (entry.key !== key) continue;
    const first = linesOf(text.slice(0, entry.start)).length;
    const last = linesOf(text.slice(0, entry.end)).length;
    for (let line = first; line <= last; line++) own.add(line);
  }
  return linesOf(text).filter((_, index) => !own.has(index + 1));
}

function isInOrder(some: readonly string[], all: readonly string[]): boolean {
  let found = 0;
  for (const line of all) if (line === some[found]) found++;
  return found === some.length;
}

describe('a change to a tidy file', () => {
  it('replaces the last value of the key, and not a byte around it', () => {
    fc.assert(
      fc.property(tidy, fc.constantFrom('A', 'B', 'b.c'), values, (text, key, value) => {
        const entry = scanEnv(text).findLast((candidate) => candidate.key === key);
        fc.pre(entry !== undefined && parse(text)[key] !== value);
        // Together with a quote in a comment that leaves only another place.
        fc.pre(!value.endsWith('\\'));
        const result = tryEdit(text, new Map([[key, value]]));
        if ('code' in result || entry === undefined) return;
        const before = text.slice(0, entry.value);
        const after = text.slice(entry.end).replace(entry.raw === '' ? /^[ \t]*/ : '', '');
        expect(result.text.slice(0, before.length)).toBe(before);
        expect(result.text.slice(result.text.length - after.length)).toBe(after);
        expect(result.text.length).toBeGreaterThanOrEqual(before.length + after.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('is undone by taking it back', () => {
    fc.assert(
      fc.property(tidy, values, (text, value) => {
        const result = tryEdit(text, new Map([['NEW', value]]));
        if ('text' in result && text !== '') expect(unset(result.text, 'NEW')).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});
