import { expect, it } from 'vitest';
import { readRcFile } from '../../../../src/cli/start/rc-file.js';
import { makeFolder } from '../../../helpers/folder.js';

it('reads flags, one per line', () => {
  const dir = makeFolder({ '.dynosimrc': '# ours\n--port 3000\n-e ".env"\n\n--strict\n' });
  expect(readRcFile(dir)).toEqual({ port: 3000, env: ['.env'], strict: true });
  expect(readRcFile(makeFolder())).toEqual({});
});

it.each(['-d app', '--dir app', '--new-token'])(
  'refuses %s, which makes sense only on a command line',
  (line) => {
    const [flag] = line.split(' ');
    expect(() => readRcFile(makeFolder({ '.dynosimrc': `${line}\n` }))).toThrow(
      `.dynosimrc line 1: ${flag} cannot be set here`,
    );
  },
);
