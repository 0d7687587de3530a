import { parse } from 'dotenv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlain, writeEnvFile } from '../../../src/export/env-file.js';

/** As `docker stack deploy`, `docker run` and kustomize read an env file. */
function readRaw(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

const key = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,10}$/);
const value = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !/[\r\n]/.test(text));
const special = fc.stringMatching(/^[$#'"`\\ ={}a-c]{0,12}$/);
const vars = fc.dictionary(key, fc.oneof(value, special), { noNullPrototype: true });

test('Docker and kustomize read back every value of one line', () => {
  fc.assert(
    fc.property(vars, (record) => {
      const all = new Map(Object.entries(record));
      expect(readRaw(writeEnvFile(all))).toEqual(all);
    }),
  );
});

test('parsers with quotes, comments and interpolation read plain values the same', () => {
  fc.assert(
    fc.property(vars, (record) => {
      const plain = Object.fromEntries(
        // A backtick is a quote only to npm's dotenv, to which # needs no space before it.
        Object.entries(record).filter(([, text]) => isPlain(text) && !/[#`]/.test(text)),
      );
      expect(parse(writeEnvFile(new Map(Object.entries(plain))))).toEqual(plain);
    }),
  );
});

test.each(['pa$$word', 'a #b', 'a\t#b', ' a', 'a ', "'a'", '"a'])(
  'docker compose would change %j',
  (text) => {
    expect(isPlain(text)).toBe(false);
  },
);

test.each(['', 'a#b', '#fff', 'a"b', '{"a": 1}', 'postgres://u:p@h:5432/d?a=b', 'é'])(
  'all read %j alike',
  (text) => {
    expect(isPlain(text)).toBe(true);
  },
);

test('a value of several lines is refused in one line that names the key', () => {
  expect(() => writeEnvFile(new Map([['CERT', 'a\nb']]))).toThrow(
    'The value of CERT has several lines, which env files of Docker cannot have',
  );
});

test("a line that Go's scanner could not read is refused, the longest one is not", () => {
  const longest = 65_535 - 'A='.length;
  expect(writeEnvFile(new Map([['A', 'x'.repeat(longest)]]))).toHaveLength(65_536);
  for (const text of ['x'.repeat(longest + 1), 'é'.repeat(longest / 2 + 1)])
    expect(() => writeEnvFile(new Map([['A', text]]))).toThrow('The value of A is longer than 64 kB');
});

test('a name that no env file can have is refused', () => {
  expect(() => writeEnvFile(new Map([['1A', 'b']]))).toThrow(
    '`1A` cannot be the name of a variable in an env file',
  );
});
