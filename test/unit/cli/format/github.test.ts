import { describe, expect, it } from 'vitest';
import { formatAnnotation, isGithubActions } from '../../../../src/cli/format/github.js';

describe('formatAnnotation', () => {
  it.each([
    [{ level: 'error', file: 'Procfile', line: 1, message: 'Bad.' }, '::error file=Procfile,line=1::Bad.'],
    [{ level: 'warning', file: 'a/.env', line: 0, message: 'Bad.' }, '::warning file=a/.env::Bad.'],
    [{ level: 'error', message: 'No app.' }, '::error::No app.'],
    [
      { level: 'error', file: 'a,b:c%\n::error::x', line: 2, message: '100%\r\n::error::x,y:z\u001b[2J' },
      '::error file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax,line=2::100%25%0A::error::x,y:zU+001B[2J',
    ],
  ] as const)('writes %j', (annotation, line) => {
    expect(formatAnnotation(annotation)).toBe(line);
  });
});

describe('isGithubActions', () => {
  it.each([
    [{ GITHUB_ACTIONS: 'true' }, true],
    [{ GITHUB_ACTIONS: 'false' }, false],
    [{}, false],
  ])('says of %j: %s', (env, expected) => {
    expect(isGithubActions(env)).toBe(expected);
  });
});
