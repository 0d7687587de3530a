import { describe, expect, test } from 'vitest';
import { adviceOnExit, adviceOnSilence } from '../../../src/dynos/advice.js';

const ended = (status: number, line = '', type = 'worker') =>
  adviceOnExit({ type, status, lastWords: ['something else', line] });

describe('a dyno that has ended', () => {
  test.each([
    [
      'bash: line 1: heroku-php-apache2: command not found',
      'On Heroku, the buildpack heroku/php provides it',
    ],
    ['bash: line 1: exec: gunicorn: not found', 'there is no program `gunicorn` here'],
    ['sh: 1: bundle: not found', 'the buildpack heroku/ruby provides it'],
    ['/usr/bin/env: ‘java’: No such file or directory', 'the buildpack heroku/java provides it'],
    ['bash: line 1: nosuch: command not found', 'there is no program `nosuch` here: correct its name'],
    ['bash: line 1: bin/server: No such file or directory', 'there is no file `bin/server` here'],
    ['bash: line 1: ./x.sh: cannot execute: required file not found', 'the first line of `./x.sh`'],
    ['bash: ./x.sh: /bin/bash^M: bad interpreter: No such file or directory', 'the first line of `./x.sh`'],
    ['', 'names a program that cannot be run here'],
  ])('with 127 misses a program: %s', (line, advice) => {
    expect(ended(127, line)).toContain(advice);
    expect(ended(127, line)).toContain('dynosim check');
  });

  test.each([
    ['bash: line 1: ./start.sh: Permission denied', 'chmod +x ./start.sh'],
    ['bash: line 1: ./tool: cannot execute binary file: Exec format error', 'another kind of machine'],
  ])('with 126 has a program that cannot run: %s', (line, advice) => {
    expect(ended(126, line)).toContain(advice);
  });

  test('with 0 has crashed all the same, and may be a command that ends', () => {
    expect(ended(0)).toMatch(/counts as crashed on Heroku, even with status 0.*dynosim run worker$/);
    expect(ended(0, '', 'web')).toMatch(/until it is told to stop$/);
  });

  test('with another status gets no advice', () => {
    expect(ended(1, 'bash: line 1: x: command not found')).toBeUndefined();
  });
});

describe('a web dyno that listens nowhere', () => {
  test('may be no web dyno', () => {
    expect(adviceOnSilence([])).toContain('name it worker in the Procfile');
  });

  test('may have the name of another process type', () => {
    const advice = adviceOnSilence([{ type: 'server', name: 'server.1', port: 3000 }]);
    expect(advice).toContain('server.1 listens on port 3000. Only the process type web gets requests');
  });
});
