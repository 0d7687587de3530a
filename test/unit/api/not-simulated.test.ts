import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NOT_SIMULATED } from '../../../src/api/heroku/not-simulated.js';

test('docs/heroku-cli.md lists unsimulated features with the same messages', () => {
  const text = readFileSync(new URL('../../../docs/heroku-cli.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| [^|]* \| (dynosim does not .*) \|$/gm)].map(([, answer]) => answer);
  expect(rows).toEqual(NOT_SIMULATED.map(([, answer]) => answer));
});
