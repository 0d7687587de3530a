import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnv, readEnvFiles } from '../../../src/config/env-file.js';
import { formatProblem } from '../../../src/procfile/problem.js';
import { makeFolder } from '../../helpers/folder.js';

describe('readEnvFiles', () => {
  it('reads .env by default', () => {
    const dir = makeFolder({ '.env': 'A=1\n' });
    const { vars, files } = readEnvFiles(dir);
    expect([...vars]).toEqual([['A', { value: '1', from: { kind: 'file', file: '.env' } }]]);
    expect(files).toEqual([
      { name: '.env', path: join(dir, '.env'), text: 'A=1\n', values: { A: '1' }, problems: [] },
    ]);
  });

  it('works without .env, and knows where it would be', () => {
    const dir = makeFolder();
    const { vars, files, problems } = readEnvFiles(dir);
    expect([vars.size, problems]).toEqual([0, []]);
    expect(files).toEqual([{ name: '.env', path: join(dir, '.env'), text: '', values: {}, problems: [] }]);
  });

  it('lets later files win, and remembers which file a variable comes from', () => {
    const dir = makeFolder({ 'a.env': 'A=1\nB=1\n', 'config/b.env': 'B=2\nC=2\n' });
    const { vars, files } = readEnvFiles(dir, ['a.env', 'config/b.env']);
    expect([...vars]).toEqual([
      ['A', { value: '1', from: { kind: 'file', file: 'a.env' } }],
      ['B', { value: '2', from: { kind: 'file', file: 'config/b.env' } }],
      ['C', { value: '2', from: { kind: 'file', file: 'config/b.env' } }],
    ]);
    expect(files.map(({ name }) => name)).toEqual(['a.env', 'config/b.env']);
  });

  it('takes an absolute path as it is', () => {
    const dir = makeFolder({ '.env': 'A=1\n' });
    expect(readEnvFiles('/', [join(dir, '.env')]).vars.get('A')?.value).toBe('1');
  });

  it('names the file in its problems', () => {
    const dir = makeFolder({ 'a.env': 'junk!\n', 'b.env': 'A=1\njunk!\n' });
    const { problems } = readEnvFiles(dir, ['a.env', 'b.env']);
    expect(problems.map(({ file, line }) => `${file}:${line}`)).toEqual(['a.env:1', 'b.env:2']);
  });

  it.each([
    ['that was named and is missing', {}, 'ENV_FILE_MISSING', 'There is no x.env'],
    ['that is a folder', { 'x.env/': '' }, 'ENV_FILE_NOT_A_FILE', 'x.env is a folder'],
    ['that is binary', { 'x.env': 'A=\0' }, 'ENV_FILE_NOT_TEXT', 'x.env is not a text file'],
    [
      'that is no env file by its size',
      { 'x.env': 'A'.repeat(1024 * 1024 + 1) },
      'ENV_FILE_TOO_BIG',
      'x.env is larger than 1 MB',
    ],
  ])('refuses a file %s', (_, files, code, message) => {
    const dir = makeFolder(files);
    expect(() => readEnvFiles(dir, ['x.env'])).toThrow(
      expect.objectContaining({ name: 'UserError', code, message: expect.stringContaining(message) }),
    );
  });

  it('refuses a named pipe, without waiting for a writer', () => {
    const dir = makeFolder();
    execFileSync('mkfifo', [join(dir, 'x.env')]);
    expect(() => readEnvFiles(dir, ['x.env'])).toThrow(
      expect.objectContaining({
        code: 'ENV_FILE_NOT_A_FILE',
        message: `x.env is a named pipe (${dir}/x.env)`,
      }),
    );
  });

  it.each([
    ['a folder, as a virtual environment is', 'mkdir', 'a folder'],
    ['a named pipe', 'mkfifo', 'a named pipe'],
  ])('continues with a remark if .env is %s', (_, make, what) => {
    const dir = makeFolder();
    execFileSync(make, [join(dir, '.env')]);
    const { vars, problems } = readEnvFiles(dir);
    expect([...vars]).toEqual([]);
    expect(problems.map(formatProblem)).toEqual([
      `.env: warning: .env is ${what} (${dir}/.env): nothing is set. Name another env file with -e.`,
    ]);
  });

  it('loses no variable to the names of JavaScript, and changes no object', () => {
    const dir = makeFolder({ '.env': '__proto__=x\nconstructor=1\ntoString=2\n' });
    const { vars, problems } = readEnvFiles(dir);
    expect([...vars.keys()]).toEqual(['constructor', 'toString']);
    expect(problems.map(({ line }) => line)).toEqual([1]);
    expect(Object.prototype).not.toHaveProperty('x');
  });
});

describe('parseEnv', () => {
  it('returns exactly what dotenv reads from any text', () => {
    const piece = fc.constantFrom(
      'A',
      'b.c',
      '__proto__',
      'export ',
      '=',
      ': ',
      ' ',
      '\n',
      '\r\n',
      '"',
      "'",
      '`',
      '\\n',
      '#',
      '$A',
      'x',
    );
    const text = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (input) => {
        expect(parseEnv(input).values).toEqual(parse(input));
      }),
    );
  });
});
