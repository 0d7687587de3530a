import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainWords } from '../../../src/dynos/plain-words.js';

const PATH = '/usr/bin:/bin';

describe('the words of a plain command', () => {
  test.each<[string, readonly string[]]>([
    ['node server.js', ['node', 'server.js']],
    [' \tnode   server.js\t', ['node', 'server.js']],
    ['./bin/web', ['./bin/web']],
    ['exec gunicorn app:app', ['exec', 'gunicorn', 'app:app']],
    ['exec time x', ['exec', 'time', 'x']],
    ['env A=1 node', ['env', 'A=1', 'node']],
    [
      'show --port=80 a=b x:y,z @1 %2 +3 ./x a-b_c 4',
      ['show', '--port=80', 'a=b', 'x:y,z', '@1', '%2', '+3', './x', 'a-b_c', '4'],
    ],
    [
      `show 'a $b "c" \\ *' "d 'e' ~ # ;" --f="g h"'i'j '' ""`,
      ['show', `a $b "c" \\ *`, `d 'e' ~ # ;`, '--f=g hij', '', ''],
    ],
  ])('%j', (command, words) => {
    expect(plainWords(command, { PATH })).toEqual(words);
  });

  test('are found in any command of usual words', () => {
    const word = fc.stringMatching(/^[\w./@%+=:,-]+$/);
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(plainWords(['node', ...words].join(' '), { PATH })).toEqual(['node', ...words]);
      }),
    );
  });

  test('are found quickly in a long command', () => {
    const words = Array.from({ length: 2000 }, () => `'a b'"c"d`);
    expect(plainWords(`node ${words.join(' ')}`, { PATH })).toHaveLength(2001);
    expect(plainWords(`node ${words.join(' ')} ;`, { PATH })).toBeUndefined();
  });
});

describe('bash runs', () => {
  test.each([
    '',
    ' ',
    'show $A',
    'show "$A"',
    'show "a`b`"',
    'show "a\\b"',
    'show a\\b',
    'show "a!b',
    "show 'a",
    'show *',
    'show a?',
    'show [a]',
    'show ~',
    'show a=~/b',
    'show {a,b}',
    'show >x',
    'show 2>&1',
    'show <x',
    'show | cat',
    'show; show',
    'show & show',
    'show &',
    'show && show',
    'show\nshow',
    'show "a\nb"',
    'show #x',
    'show é',
    'show "é"',
    'show \u00a0',
    'show (a)',
    '(show)',
    '! show',
    'A=1 show',
    '"show" a',
    '%1',
    '-c show',
    '+x',
    'exec',
    'exec -a x show',
    'exec "show"',
    'exec >x',
    'cd /',
    '. x',
    ': x',
    'time show',
    'true',
    'echo a',
    'printf a',
    'test -f a',
    'kill 1',
  ])('%j', (command) => {
    expect(plainWords(command, { PATH })).toBeUndefined();
  });

  test.each([
    { BASH_ENV: 'x' },
    { 'BASH_FUNC_show%%': '() { echo; }' },
    { BASHOPTS: 'x' },
    { SHELLOPTS: 'xtrace' },
    { POSIXLY_CORRECT: '1' },
    { EXECIGNORE: '*' },
    { IFS: 'a' },
    { PS1: '$ ' },
    { UID: '7' },
    { SECONDS: '7' },
    { SHLVL: '' },
    { SHLVL: 'x' },
    { SHLVL: '07' },
    { SHLVL: '-1' },
    { SHLVL: '999' },
    { SSH_CLIENT: '::1' },
    { SSH2_CLIENT: '::1', SHLVL: '0' },
  ])('everything with %j', (some) => {
    expect(plainWords('show', { PATH, ...(some as Record<string, string>) })).toBeUndefined();
  });

  test.each([{}, { SHLVL: '998' }, { SSH_CLIENT: '::1', SHLVL: '1' }, { BASE: 'x', MYPS1: 'x' }])(
    'not with %j',
    (some) => {
      expect(plainWords('show', { PATH, ...(some as Record<string, string>) })).toEqual(['show']);
    },
  );
});
