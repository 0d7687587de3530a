import { expect, test } from 'vitest';
import { toOneLine } from '../../../src/cli/usage-error.js';

test.each([
  [
    "error: unknown command 'pz'\n(Did you mean ps?)\n",
    'dynosim',
    "dynosim: unknown command 'pz'. Did you mean ps?\n",
  ],
  [
    "error: unknown command 'pz'\n(Did you mean one of ps, open?)\n",
    'dynosim',
    "dynosim: unknown command 'pz'. Did you mean one of ps, open?\n",
  ],
  ["error: unknown command 'xyzzy'\n", 'dynosim', "dynosim: unknown command 'xyzzy'. See dynosim --help.\n"],
  [
    "error: too many arguments for 'stop'. Expected 0 arguments but got 1.\n",
    'dynosim stop',
    "dynosim: too many arguments for 'stop'. Expected 0 arguments but got 1. See dynosim stop --help.\n",
  ],
])('%j becomes one line that says what to do', (text, command, line) => {
  expect(toOneLine(text, command)).toBe(line);
});
