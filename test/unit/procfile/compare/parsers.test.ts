import { describe, expect, it } from 'vitest';
import { PARSERS } from '../../../../src/procfile/compare/parsers.js';
import { linesOf, type Reading } from '../../../../src/procfile/lines.js';

function show(reading: Reading): string {
  if (reading.does === 'run') return `${reading.type}=${reading.command}`;
  if (reading.does === 'join') return 'JOINED';
  return reading.does === 'ignore' ? '-' : 'REFUSED';
}

/** How each parser reads the last line of a text. */
function readings(text: string): string[] {
  const lines = [...linesOf(text)];
  return PARSERS.map(({ read }) => lines.map((line) => show(read(line))).at(-1) ?? 'no line');
}

describe('PARSERS', () => {
  it('are the parsers that a Procfile is likely to meet, in the order of the columns below', () => {
    expect(PARSERS.map(({ name }) => name)).toEqual([
      "Heroku's classic parser",
      'the buildpack parser',
      '`heroku local`',
      'foreman',
      'Railpack',
    ]);
  });

  // Each parser's own code was run, or its grammar followed, to fill this table.
  it.each([
    ['web: node a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js'],
    ['web:\tnode a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js'],
    ['web: a   ', 'web=a', 'web=a', 'web=a', 'web=a', 'web=a'],
    ['web: a: b # c', 'web=a: b # c', 'web=a: b # c', 'web=a: b # c', 'web=a: b # c', 'REFUSED'],
    ['0web: x\n', '0web=x', '0web=x', '0web=x', '0web=x', '0web=x'],
    ['# c\n', '-', '-', '-', '-', '-'],
    ['\n', '-', '-', '-', '-', '-'],
    ['web: x\r\n', 'web=x', 'web=x', 'web=x', 'web=x', 'web=x'],
    ['\r\n', '-', '-', 'REFUSED', '-', '-'],
    ['web:node a.js', '-', 'web=node a.js', 'web=node a.js', 'web=node a.js', 'REFUSED'],
    ['  web: node a.js', 'web=node a.js', 'web=node a.js', 'REFUSED', '-', 'web=node a.js'],
    ['web : node a.js', 'web=: node a.js', 'REFUSED', 'REFUSED', '-', 'web=node a.js'],
    ['web node a.js', 'web=node a.js', 'REFUSED', 'REFUSED', '-', 'REFUSED'],
    ['my-worker: x', 'my-worker=x', 'my-worker=x', 'REFUSED', 'my-worker=x', 'my-worker=x'],
    ['my_worker: x', 'my_worker=x', 'my-worker=x', 'my_worker=x', 'my_worker=x', 'my_worker=x'],
    ['Web: x', 'Web=x', 'web=x', 'Web=x', 'Web=x', 'Web=x'],
    ['web.1: x', '-', 'REFUSED', 'REFUSED', '-', 'web.1=x'],
    ['-web: x', '-web=x', 'REFUSED', 'REFUSED', '-web=x', '-web=x'],
    ['web-: x', 'web-=x', 'REFUSED', 'REFUSED', 'web-=x', 'web-=x'],
    ['   # c\n', '-', '-', 'REFUSED', '-', '-'],
    ['// c', '-', 'REFUSED', 'REFUSED', '-', 'REFUSED'],
    ['web:', '-', 'REFUSED', 'REFUSED', '-', '-'],
    ['web:   ', 'web=', 'REFUSED', 'REFUSED', 'web=', '-'],
    ['   \n', '-', '-', 'REFUSED', '-', '-'],
    ['web: x\n   ', '-', 'REFUSED', 'REFUSED', '-', '-'],
    ['\uFEFFweb: x', '-', 'REFUSED', 'REFUSED', '-', 'web=x'],
    ['\uFEFF# c', '-', 'REFUSED', 'REFUSED', '-', '-'],
    ['hello there', 'hello=there', 'REFUSED', 'REFUSED', '-', 'REFUSED'],
    ['release notes: none', 'release=notes: none', 'REFUSED', 'REFUSED', '-', 'release notes=none'],
    ['heroku ps:scale web=1', 'heroku=ps:scale web=1', 'REFUSED', 'REFUSED', '-', 'REFUSED'],
    ['<<<<<<< HEAD', '-', 'REFUSED', 'REFUSED', '-', 'REFUSED'],
    ['=======', '-', 'REFUSED', 'REFUSED', '-', 'REFUSED'],
    [': x', '-', 'REFUSED', 'REFUSED', '-', 'REFUSED'],
    ['&&&&&', '-', 'REFUSED', 'REFUSED', '-', 'REFUSED'],
    [
      `${'a'.repeat(63)}: x`,
      `${'a'.repeat(63)}=x`,
      `${'a'.repeat(63)}=x`,
      `${'a'.repeat(63)}=x`,
      `${'a'.repeat(63)}=x`,
      `${'a'.repeat(63)}=x`,
    ],
    [
      `${'a'.repeat(64)}: x`,
      `${'a'.repeat(64)}=x`,
      'REFUSED',
      `${'a'.repeat(64)}=x`,
      `${'a'.repeat(64)}=x`,
      `${'a'.repeat(64)}=x`,
    ],
    ['web:\u00A0a', '-', 'web=\u00A0a', 'web=a', 'web=\u00A0a', 'REFUSED'],
  ])('read %j each in its own way', (text, ...expected) => {
    expect(readings(text)).toEqual(expected);
  });

  it('`heroku local` stops with an error at a line that its first parser refuses, and falls back to npm at one that its second refuses', () => {
    const [local] = PARSERS.filter(({ name }) => name === '`heroku local`');
    const how = (text: string): unknown => [...linesOf(text)].map((line) => local?.read(line))[0];
    expect(how('my-worker: x')).toMatchObject({ how: 'refuse the whole file' });
    expect(how('  web: x')).toMatchObject({ how: 'run `npm start` instead of the whole file' });
  });

  // gopkg.in/yaml.v2 2.4.0 was run to fill this table.
  it.each([
    ['web: "a b"', 'web=a b'],
    ['web: "a" b', 'REFUSED'],
    ['web: "a\\n\\"b" # c', 'web=a\n"b'],
    ['web: "a\\$b"', 'REFUSED'],
    ["web: 'it''s'", "web=it's"],
    ["web: 'a' b", 'REFUSED'],
    ["web: '", 'REFUSED'],
    ['web: [a]', 'REFUSED'],
    ['web: {a}', 'REFUSED'],
    ['web: ]x', 'REFUSED'],
    ['web: *.sh', 'REFUSED'],
    ['web: %x', 'REFUSED'],
    ['web: `a`', 'REFUSED'],
    ['web: ,x', 'REFUSED'],
    ['web: |x', 'REFUSED'],
    ['web: - x', 'REFUSED'],
    ['web: ? x', 'REFUSED'],
    ['web: :', 'REFUSED'],
    ['web: -x', 'web=-x'],
    ['web: ?x', 'web=?x'],
    ['web: :x', 'web=:x'],
    ['web: ! a b', 'web=a b'],
    ['web: &a b', 'web=b'],
    ['web: ~', '-'],
    ['web: ~/x', 'web=~/x'],
    ['web: #x', '-'],
    ['web: x#y', 'web=x#y'],
    ["web: a 'b # c' d", "web=a 'b"],
    ['web: a:', 'REFUSED'],
    ['web: a:\tb', 'REFUSED'],
    ['web: a:b c', 'web=a:b c'],
    ['web:: a', 'web:=a'],
    ['web: echo "a: b"', 'REFUSED'],
    ['web: a\u0001b', 'REFUSED'],
    ['web: a\u2028b', 'REFUSED'],
    ['"web": a', 'web=a'],
    ['a #b: c', 'REFUSED'],
    ['<<: a', 'REFUSED'],
    ['- web: a', 'REFUSED'],
    ['---', '-'],
    ['\t\n', 'REFUSED'],
    ['\tweb: x', 'REFUSED'],
    ['web: x\n\t', 'REFUSED'],
    ['web: a\n  web: b', 'REFUSED'],
    ['web: a\n  b c', 'JOINED'],
    ['web: a\nb c', 'REFUSED'],
  ])('Railpack reads %j as YAML', (text, expected) => {
    expect(readings(text).at(-1)).toBe(expected);
  });

  it('Railpack reads the command with its comment, if a shell takes that for a comment as well', () => {
    expect(readings('web: a b # c').at(-1)).toBe('web=a b # c');
    expect(readings("web: sh -c 'a' # c: d").at(-1)).toBe("web=sh -c 'a' # c: d");
  });
});
