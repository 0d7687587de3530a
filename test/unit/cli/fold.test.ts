import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../../src/cli/fold.js';

const BANNER = `my-app is at http://localhost:5006
  web     exec node server.js --with several --flags that are long
  worker  node worker.js
Dashboard: http://127.0.0.1:38409/dashboard/, opened by dynosim dashboard
`;

test('lines break at spaces, and go on below their text', () => {
  expect(fold(BANNER, 40)).toBe(`my-app is at http://localhost:5006
  web     exec node server.js --with
          several --flags that are long
  worker  node worker.js
Dashboard:
  http://127.0.0.1:38409/dashboard/,
  opened by dynosim dashboard
`);
});

test('a column that leaves no room for text is followed by rows below it', () => {
  expect(fold('  a-very-long-name  one two three four', 26)).toBe(
    '  a-very-long-name  one\n    two three four',
  );
});

test('no terminal, no folding', () => {
  expect(fold(BANNER, Number.POSITIVE_INFINITY)).toBe(BANNER);
});

test('words stay whole, in rows that fit if the words do', () => {
  const words = fc.array(fc.stringMatching(/^[!-~]{1,50}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 120 }), (list, width) => {
      const rows = fold(list.join(' '), width).split('\n');
      expect(rows.flatMap((row) => row.trim().split(/ +/))).toEqual(list);
      for (const row of rows) if (row.length > width) expect(row.trim()).not.toContain(' ');
    }),
  );
});
