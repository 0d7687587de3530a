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
  [
    "error: unknown command 'bogus'\n(Did you mean logs?)\n",
    'dynosim',
    "dynosim: unknown command 'bogus'. See dynosim --help.\n",
  ],
  [
    "error: unknown option '--jsno'\n(Did you mean --json?)\n",
    'dynosim ps',
    "dynosim: unknown option '--jsno'. Did you mean --json?\n",
  ],
  [
    "error: unknown option '--jabn'\n(Did you mean --json?)\n",
    'dynosim ps',
    "dynosim: unknown option '--jabn'. See dynosim ps --help.\n",
  ],
  [
    "error: unknown option '-5m'\n",
    'dynosim clock:advance',
    "dynosim: unknown option '-5m'. Durations are positive: 5m\n",
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
