import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProcfile, parseProcfile, readProcfile } from '../../../src/procfile/parse.js';
import { anyText } from '../../helpers/any-text.js';
import { makeFolder } from '../../helpers/folder.js';

const list = (text: string): string[] =>
  Array.from(
    parseProcfile(text).processes.values(),
    ({ type, command, line }) => `${line} ${type}=${command}`,
  );

describe('parseProcfile', () => {
  it('reads names and commands in the order of the file', () => {
    expect(list('web: node server.js\n\n# jobs\nworker: node worker.js\n')).toEqual([
      '1 web=node server.js',
      '4 worker=node worker.js',
    ]);
  });

  it('lists a repeated type once, where it first stands, with the last command and its line', () => {
    expect(list('web: one\nworker: x\nweb: two\n')).toEqual(['3 web=two', '2 worker=x']);
  });

  it('keeps an earlier line if the later one has no command', () => {
    expect(list('web: one\nweb:\n')).toEqual(['1 web=one']);
  });

  it('warns if only `release` is there, of which no dyno runs', () => {
    expect(parseProcfile('# x\nrelease: a\n').problems).toMatchObject([
      { severity: 'warning', line: 2, message: expect.stringContaining('no dyno runs') },
    ]);
    expect(parseProcfile('release: a\nweb: b\n').problems).toEqual([]);
  });

  it('distinguishes names by case, hyphen and underscore', () => {
    expect(list('web: a\nWeb: b\nw-eb: c\nw_eb: d')).toHaveLength(4);
  });

  it('reads names that JavaScript gives a meaning to', () => {
    expect(list('__proto__: a\nconstructor: b')).toEqual(['1 __proto__=a', '2 constructor=b']);
  });

  it('reads a file with CR LF, with lone CR, and with a byte order mark like any other', () => {
    const plain = list('web: a\nworker: b\n');
    expect(list('web: a\r\nworker: b\r\n')).toEqual(plain);
    expect(list('web: a\rworker: b\r')).toEqual(plain);
    expect(list('\uFEFFweb: a\nworker: b')).toEqual(plain);
  });

  it.each([
    ['', 'The file is empty: there is nothing to run.'],
    [' \n\n', 'The file is empty: there is nothing to run.'],
    ['# nothing yet\n', 'No line of this file can be run.'],
    ['web node server.js\n', 'No line of this file can be run.'],
  ])('calls it an error if %j leaves nothing to run', (text, message) => {
    const errors = parseProcfile(text).problems.filter(({ severity }) => severity === 'error');
    expect(errors).toMatchObject([{ file: 'Procfile', message, hint: expect.stringContaining('web: node') }]);
  });

  it('has no error to report as long as one line runs', () => {
    const { problems } = parseProcfile('junk\nweb: a\n<<<<<<<\nmore junk');
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
  });

  it('uses the given file name in problems', () => {
    expect(parseProcfile('junk', 'Procfile.dev').problems).toMatchObject([
      { file: 'Procfile.dev' },
      { file: 'Procfile.dev' },
    ]);
  });

  it('returns something for every text', () => {
    const nasty = fc.constantFrom(
      'web',
      ':',
      ' ',
      '\t',
      '\n',
      '\r',
      '#',
      '\\',
      '|',
      '<<<<<<<',
      '=======',
      '\uFEFF',
      '\u00A0',
      '\u2028',
      '-',
      '_',
      'W',
      '/',
      '\0',
      '\uD800',
    );
    const text = fc.oneof(anyText(), fc.string({ unit: nasty, maxLength: 40 }));
    fc.assert(
      fc.property(text, (input) => {
        const { processes, problems } = parseProcfile(input);
        for (const [type, process] of processes) {
          expect(process.type).toBe(type);
          expect(type).toMatch(/^[A-Za-z0-9_-]+$/);
          expect(process.command).toMatch(/^[^ \t].*[^ \t]$|^[^ \t]$/s);
        }
        for (const { line, column, message } of problems) {
          expect(Number.isSafeInteger(line) && Number.isSafeInteger(column)).toBe(true);
          // One line, and nothing that would steer a terminal.
          expect(message).toMatch(/^[^\p{Cc}]+$/u);
        }
      }),
      { numRuns: 2000 },
    );
  });

  // Quadratic time would mean minutes, and exceed the test's time limit.
  it.each([
    ['one long word', 'a'.repeat(4e6)],
    ['blanks', ' '.repeat(4e6)],
    ['blanks inside a command', `web: a${' '.repeat(4e6)}b`],
    ['line ends', '\n'.repeat(1e6)],
    ['CRs and no LF', 'a\r'.repeat(1e6)],
    ['junk lines', 'some junk\n'.repeat(4e5)],
    ['one name again and again', 'web: x\n'.repeat(4e5)],
    ['a backslash on every line', `web: \\\n${'b \\\n'.repeat(4e5)}`],
    ['a conflict without end', `<<<<<<<\n${'=======\nweb: a\n'.repeat(2e5)}`],
  ])('takes time in proportion to the length of %s', (_, text) => {
    expect(() => parseProcfile(text)).not.toThrow();
  });

  it('describes the first problems of a bad file and counts the rest', () => {
    const { problems } = parseProcfile(`${'some junk\n'.repeat(1000)}web: x\n`);
    expect(problems).toHaveLength(51);
    expect(problems.at(-1)?.message).toBe('950 more problems in this file.');
  });
});

describe('formatProcfile', () => {
  it('prints one line per process type', () => {
    const { processes } = parseProcfile('  web:node a.js\nworker:  b');
    expect(formatProcfile(processes.values())).toBe('web: node a.js\nworker: b\n');
  });

  it('prints what parses to the same', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'B', '7', '_', '-'), minLength: 1 });
    const command = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((text) => text.replace(/[\r\n]/g, ' ').replace(/^[ \t]+|[ \t]+$/g, ''));
    const process = fc.record({ type: name, command: command.filter((text) => text !== '') });
    fc.assert(
      fc.property(fc.uniqueArray(process, { selector: ({ type }) => type }), (processes) => {
        const again = parseProcfile(formatProcfile(processes)).processes.values();
        expect([...again]).toEqual(processes.map((each, index) => ({ ...each, line: index + 1 })));
      }),
    );
  });
});

describe('readProcfile', () => {
  const read = (dir: string): unknown => readProcfile(join(dir, 'Procfile'));

  it('reads a file', () => {
    const dir = makeFolder({ Procfile: 'web: node server.js\n' });
    const { processes, problems } = readProcfile(join(dir, 'Procfile'));
    expect([...processes.keys()]).toEqual(['web']);
    expect(problems).toEqual([]);
  });

  it.each([
    ['is missing', {}, 'PROCFILE_MISSING', 'There is no Procfile'],
    ['is a folder', { 'Procfile/': '' }, 'PROCFILE_NOT_A_FILE', 'Procfile is a folder'],
    [
      'is larger than 10 MB',
      { Procfile: 'a'.repeat(10 * 1024 * 1024 + 1) },
      'PROCFILE_TOO_BIG',
      'Procfile is larger than 10 MB',
    ],
    ['is binary', { Procfile: 'web: a\0b' }, 'PROCFILE_NOT_TEXT', 'Procfile is not a text file'],
    [
      'is UTF-16, as PowerShell writes it',
      { Procfile: Buffer.from('\uFEFFweb: a', 'utf16le') },
      'PROCFILE_NOT_TEXT',
      'Procfile is written in UTF-16',
    ],
  ])('says in one line that the file %s, and the remedy', (_, files, code, message) => {
    const dir = makeFolder(files);
    expect(() => read(dir)).toThrow(
      expect.objectContaining({
        name: 'UserError',
        code,
        message: expect.stringMatching(new RegExp(`^${message}[^\\n]*$`)),
        hint: expect.any(String),
      }),
    );
  });

  it('says in one line that the file may not be read', () => {
    const dir = makeFolder({ Procfile: 'web: a' });
    chmodSync(join(dir, 'Procfile'), 0);
    expect(() => withoutRootsRights(() => read(dir))).toThrow(
      expect.objectContaining({ code: 'PROCFILE_UNREADABLE' }),
    );
  });

  it('warns of bytes that are not UTF-8, at their line, and runs the rest', () => {
    const dir = makeFolder({ Procfile: Buffer.from('# x\n# caf\xe9\nweb: a\n', 'latin1') });
    const { processes, problems } = readProcfile(join(dir, 'Procfile'));
    expect([...processes.keys()]).toEqual(['web']);
    expect(problems).toMatchObject([{ severity: 'warning', line: 2, column: 6 }]);
  });
});

/** Root may read everything, so root temporarily becomes nobody. */
function withoutRootsRights<T>(action: () => T): T {
  if (process.getuid?.() !== 0) return action();
  process.seteuid?.(65_534);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
  }
}
