import { expect, test } from 'vitest';
import { wantsColor } from '../../../src/cli/color.js';

const TERMINAL = { isTTY: true };
const PIPE = {};

test.each([
  [TERMINAL, {}, true],
  [PIPE, {}, false],
  [TERMINAL, { TERM: 'dumb' }, false],
  [TERMINAL, { NO_COLOR: '1' }, false],
  [TERMINAL, { NO_COLOR: '' }, true],
  [PIPE, { FORCE_COLOR: '1' }, true],
  [PIPE, { FORCE_COLOR: '' }, false],
  [TERMINAL, { FORCE_COLOR: '0' }, false],
  [TERMINAL, { FORCE_COLOR: 'false' }, false],
  [PIPE, { FORCE_COLOR: '3', NO_COLOR: '1' }, false],
])('%j with %j: %j', (stream, env, isColored) => {
  expect(wantsColor(stream, env)).toBe(isColored);
});
