import { expect, it } from 'vitest';
import { MB, parseBytes } from '../../../src/base/bytes.js';

it.each([
  ['60m', 60 * MB],
  ['512MB', 512 * MB],
  ['1.5g', 1536 * MB],
  [' 64k ', 65_536],
  ['never', Number.POSITIVE_INFINITY],
])('reads %j', (text, bytes) => {
  expect(parseBytes(text, '--memory-quota')).toBe(bytes);
});

it.each(['', '60', 'm', '0m', '-1m', '1t', '60 m b'])('refuses %j', (text) => {
  expect(() => parseBytes(text, '--memory-quota')).toThrow(
    expect.objectContaining({
      code: 'BAD_MEMORY',
      message: `--memory-quota: "${text}" is not an amount of memory`,
    }),
  );
});
