import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRunRequest } from '../../../../src/cli/run/run-request.js';
import { makeFolder } from '../../../helpers/folder.js';

it('refuses the name of an env file in place of variables', () => {
  const file = join(makeFolder({ 'a.env': 'A=1' }), 'a.env');
  expect(() => readRunRequest(['bash'], { dir: '.', tty: true, env: `B=1;${file}` })).toThrow(
    expect.objectContaining({
      code: 'BAD_ENV_FLAG',
      message: `-e of "dynosim run" takes variables, but ${file} is a file`,
      hint: 'Write -e "A=1;B=2"; the app\'s own env files are read anyway.',
    }),
  );
});

it.each([
  [[''], {}, 'The argument must be a command'],
  [[' '], {}, 'The argument must be a command'],
  [['ls'], { type: 'a b' }, '--type must be letters, digits, - and _'],
  [['ls'], { type: '\u001b[31mred' }, '--type must be letters, digits, - and _'],
])('refuses %j with %j', (words, flags, message) => {
  expect(() => readRunRequest(words, { dir: '.', tty: true, ...flags })).toThrow(message);
});
