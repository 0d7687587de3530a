import { describe, expect, it } from 'vitest';
import { PARSERS } from '../../../../src/procfile/compare/parsers.js';
import { linesOf, type Reading } from '../../../../src/procfile/lines.js';

function show(reading: Reading): string {
  if (reading.does === 'run') return `${reading.type}=${reading.command}`;
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
    ]);
  });

  // Each parser's own code was run, or its grammar followed, to fill this table.
  it.each([
    ['web: node a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js'],
    ['web:\tnode a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js', 'web=node a.js'],
    ['web: a   ', 'web=a', 'web=a', 'web=a', 'web=a'],
    ['web: a: b # c', 'web=a: b # c', 'web=a: b # c', 'web=a: b # c', 'web=a: b # c'],
    ['0web: x\n', '0web=x', '0web=x', '0web=x', '0web=x'],
    ['# c\n', '-', '-', '-', '-'],
    ['\n', '-', '-', '-', '-'],
    ['web: x\r\n', 'web=x', 'web=x', 'web=x', 'web=x'],
    ['\r\n', '-', '-', 'REFUSED', '-'],
    ['web:node a.js', '-', 'web=node a.js', 'web=node a.js', 'web=node a.js'],
    ['  web: node a.js', 'web=node a.js', 'web=node a.js', 'REFUSED', '-'],
    ['web : node a.js', 'web=: node a.js', 'REFUSED', 'REFUSED', '-'],
    ['web node a.js', 'web=node a.js', 'REFUSED', 'REFUSED', '-'],
    ['my-worker: x', 'my-worker=x', 'my-worker=x', 'REFUSED', 'my-worker=x'],
    ['my_worker: x', 'my_worker=x', 'my-worker=x', 'my_worker=x', 'my_worker=x'],
    ['Web: x', 'Web=x', 'web=x', 'Web=x', 'Web=x'],
    ['web.1: x', '-', 'REFUSED', 'REFUSED', '-'],
    ['-web: x', '-web=x', 'REFUSED', 'REFUSED', '-web=x'],
    ['web-: x', 'web-=x', 'REFUSED', 'REFUSED', 'web-=x'],
    ['   # c\n', '-', '-', 'REFUSED', '-'],
    ['// c', '-', 'REFUSED', 'REFUSED', '-'],
    ['web:', '-', 'REFUSED', 'REFUSED', '-'],
    ['web:   ', 'web=', 'REFUSED', 'REFUSED', 'web='],
    ['   \n', '-', '-', 'REFUSED', '-'],
    ['web: x\n   ', '-', 'REFUSED', 'REFUSED', '-'],
    ['\uFEFFweb: x', '-', 'REFUSED', 'REFUSED', '-'],
    ['\uFEFF# c', '-', 'REFUSED', 'REFUSED', '-'],
    ['hello there', 'hello=there', 'REFUSED', 'REFUSED', '-'],
    ['release notes: none', 'release=notes: none', 'REFUSED', 'REFUSED', '-'],
    ['heroku ps:scale web=1', 'heroku=ps:scale web=1', 'REFUSED', 'REFUSED', '-'],
    ['<<<<<<< HEAD', '-', 'REFUSED', 'REFUSED', '-'],
    ['=======', '-', 'REFUSED', 'REFUSED', '-'],
    [': x', '-', 'REFUSED', 'REFUSED', '-'],
    ['&&&&&', '-', 'REFUSED', 'REFUSED', '-'],
    [
      `${'a'.repeat(63)}: x`,
      `${'a'.repeat(63)}=x`,
      `${'a'.repeat(63)}=x`,
      `${'a'.repeat(63)}=x`,
      `${'a'.repeat(63)}=x`,
    ],
    [`${'a'.repeat(64)}: x`, `${'a'.repeat(64)}=x`, 'REFUSED', `${'a'.repeat(64)}=x`, `${'a'.repeat(64)}=x`],
    ['web:\u00A0a', '-', 'web=\u00A0a', 'web=a', 'web=\u00A0a'],
  ])('read %j each in its own way', (text, ...expected) => {
    expect(readings(text)).toEqual(expected);
  });

  it('`heroku local` stops with an error at a line that its first parser refuses, and falls back to npm at one that its second refuses', () => {
    const [local] = PARSERS.filter(({ name }) => name === '`heroku local`');
    const how = (text: string): unknown => [...linesOf(text)].map((line) => local?.read(line))[0];
    expect(how('my-worker: x')).toMatchObject({ how: 'refuse the whole file' });
    expect(how('  web: x')).toMatchObject({ how: 'run `npm start` instead of the whole file' });
  });
});
