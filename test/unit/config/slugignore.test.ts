import { expect, test } from 'vitest';
import { parseSlugignore } from '../../../src/config/slugignore.js';

function isIgnored(text: string, path: string): boolean {
  const isFolder = path.endsWith('/');
  return parseSlugignore(text).some((matches) => matches(path.replace(/\/$/, ''), isFolder));
}

test.each([
  ['docs', 'docs/'],
  ['docs', 'src/docs/'],
  ['*.psd', 'art/big.psd'],
  ['docs *.psd', 'big.psd'],
  ['/docs', 'docs/'],
  ['spec/fixtures', 'spec/fixtures/'],
  ['docs/', 'docs/'],
  ['test/**/*.bin', 'test/a/b/c.bin'],
  ['test/**/*.bin', 'test/c.bin'],
  ['*.{psd,ai}', 'a.ai'],
  ['log[0-9]', 'log7'],
  ['log[!a-z]', 'log7'],
  ['file?', 'file1'],
  ['.*', '.eslintrc'],
  ['!important', '!important'],
  ['a+b(c)', 'a+b(c)'],
  ['x{', 'x{'],
  ['docs # the manual', 'docs/'],
])('%j leaves out %j', (text, path) => {
  expect(isIgnored(text, path)).toBe(true);
});

test.each([
  ['docs', 'docs.txt'],
  ['spec/fixtures', 'x/spec/fixtures/'],
  ['/docs', 'src/docs/'],
  ['docs/', 'docs'],
  ['*', '.env'],
  ['*.md', 'a/.hidden.md'],
  ['*.md', '.hidden/a.md'],
  ['a*/b', 'a/x/b'],
  ['*.md\n!keep.md', 'keep.txt'],
  ['# docs', 'docs/'],
  ['../x', 'x'],
  ['', 'x'],
])('%j does not leave out %j', (text, path) => {
  expect(isIgnored(text, path)).toBe(false);
});

test('nothing is taken back', () => {
  expect(isIgnored('*.md\n!keep.md', 'keep.md')).toBe(true);
});
