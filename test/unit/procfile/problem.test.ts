import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/base/errors.js';
import {
  firstProblems,
  formatProblem,
  type Problem,
  ProblemList,
  problemOf,
} from '../../../src/procfile/problem.js';

const problem: Problem = {
  severity: 'warning',
  file: 'Procfile',
  line: 3,
  column: 5,
  message: 'Bad.',
  hint: 'Mend it.',
};

describe('formatProblem', () => {
  it('prints file, line, column, message and remedy on one line', () => {
    expect(formatProblem(problem)).toBe('Procfile:3:5: warning: Bad. Mend it.');
  });

  it('leaves out a place that is not known', () => {
    expect(formatProblem({ ...problem, column: 0 })).toBe('Procfile:3: warning: Bad. Mend it.');
    expect(formatProblem({ ...problem, line: 0 })).toBe('Procfile: warning: Bad. Mend it.');
  });
});

describe('problemOf', () => {
  it('makes a problem of a mistake that was thrown', () => {
    expect(formatProblem(problemOf(new UserError('X', 'There is no x', 'Write one.'), 'x', 'error'))).toBe(
      'x: error: There is no x. Write one.',
    );
    expect(problemOf(new UserError('X', 'There is no x'), 'x', 'error')).not.toHaveProperty('hint');
  });
});

describe('firstProblems', () => {
  it('shows the first warnings of each file and every error, and counts the rest', () => {
    const many = Array.from({ length: 7 }, (_, index) => ({ ...problem, line: index + 1 }));
    const other: Problem = { ...problem, file: '.env' };
    const error: Problem = { ...problem, severity: 'error', line: 9 };
    const { shown, more } = firstProblems([...many, error, other]);
    expect(shown.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'Procfile:1',
      'Procfile:2',
      'Procfile:3',
      'Procfile:4',
      'Procfile:5',
      'Procfile:9',
      '.env:3',
    ]);
    expect(more).toBe(2);
  });
});

describe('ProblemList', () => {
  it('sorts by line and column', () => {
    const list = new ProblemList('f');
    list.warn(2, 1, 'c');
    list.warn(1, 9, 'b');
    list.warn(1, 1, 'a');
    expect(list.list().map(({ message }) => message)).toEqual(['a', 'b', 'c']);
  });

  it('keeps up to its limit and counts the rest', () => {
    const list = new ProblemList('f', 2);
    for (const line of [1, 2, 3]) list.warn(line, 1, 'x');
    expect(list.isFull).toBe(true);
    expect(list.list().at(-1)?.message).toBe('1 more problem in this file.');
    list.count();
    expect(list.list().map(({ message }) => message)).toEqual(['x', 'x', '2 more problems in this file.']);
  });
});
