import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/export/app.js';
import { exportApp } from '../../../src/export/export-app.js';
import { paragraph } from '../../../src/export/readme-parts.js';
import { APPS, PLACES } from '../../helpers/exported-app.js';

const WIDTH = 120;

const CASES = Object.entries(APPS).flatMap(([name, app]) =>
  (['compose', 'kubernetes'] as const).map((engine) => ({ name, app, engine })),
);

function readmeOf(app: (typeof CASES)[number]['app'], engine: Engine): string {
  const files = exportApp(app, engine, PLACES);
  return files.find(({ path }) => path === 'README.md')?.text ?? '';
}

describe.each(CASES)('README.md of $name for $engine', ({ app, engine }) => {
  const blocks = readmeOf(app, engine)
    .replace(/^```sh\n.*?^```$/gms, '')
    .trimEnd()
    .split(/\n{2,}/);

  test('has paragraphs whose lines are as long as they can be', () => {
    for (const block of blocks.filter((text) => !/^[|<#-]/.test(text)))
      expect(paragraph(block.replaceAll('\n', ' ')).join('\n')).toBe(`${block}\n`);
  });

  test('has a heading of its own for each table', () => {
    blocks.forEach((block, index) => {
      if (block.startsWith('|')) expect(blocks[index - 1]).toMatch(/^## /);
    });
  });
});

test('a paragraph breaks lines at spaces, but never within code', () => {
  const code = `\`${'a b '.repeat(10)}\``;
  const [first = '', ...others] = paragraph('x'.repeat(WIDTH - 20), `See ${code}, and more.`, 'y');
  expect(first).toBe(`${'x'.repeat(WIDTH - 20)} See`);
  expect(others).toEqual([`${code}, and more. y`, '']);
});
