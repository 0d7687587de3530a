import { expect, test } from 'vitest';
import { isAsWritten, signed } from '../../../src/export/files.js';

test.each(['compose.yaml', 'README.md', 'config.env'])('an edited %s is told from one as written', (path) => {
  const { text } = signed(path, 'What it is for.', 'a\nb\n');
  expect(text.split('\n')[0]).toMatch(
    /^(?:# |<!-- )Written by dynosim export, checksum \w+\. What it is for\./,
  );
  expect(isAsWritten(text)).toBe(true);
  expect(isAsWritten(`${text}c\n`)).toBe(false);
  expect(isAsWritten(text.replace('a\n', ''))).toBe(false);
});

test('a file that dynosim has not written is not as written', () => {
  for (const text of ['', 'services: {}\n', '# Written by dynosim export, checksum 0000000000000000. x\na\n'])
    expect(isAsWritten(text)).toBe(false);
});
