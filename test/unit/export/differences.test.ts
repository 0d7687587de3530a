import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { differencesTable } from '../../../src/export/differences.js';

test.each(['compose', 'kubernetes'] as const)('docs/outgrow.md says what differs with %s', (engine) => {
  const page = readFileSync(new URL('../../../docs/outgrow.md', import.meta.url), 'utf8');
  expect(page).toContain(differencesTable(engine).join('\n'));
});
