import { describe, expect, it } from 'vitest';
import { checkSuite, problemAnnotation } from '../../../../src/cli/format/check.js';
import type { Problem } from '../../../../src/procfile/problem.js';

function problem(severity: Problem['severity'], file: string, message: string): Problem {
  return { severity, file, line: 2, column: 5, message, hint: 'Mend it.' };
}

const WARNING = problem('warning', 'Procfile', 'Odd.');
const ERROR = problem('error', 'Procfile', 'Bad.');

describe('checkSuite', () => {
  it('has a test for each file that was checked, and for each with a problem', () => {
    const { cases } = checkSuite([problem('warning', 'app.json', 'Odd.')], ['Procfile', '.env'], false);
    expect(cases.map(({ name }) => name)).toEqual(['Procfile', '.env', 'app.json']);
  });

  it('fails for errors, and mentions warnings', () => {
    expect(checkSuite([WARNING, ERROR], ['Procfile'], false).cases).toEqual([
      {
        name: 'Procfile',
        file: 'Procfile',
        failure: { message: 'Bad. Mend it.', text: 'Procfile:2:5: error: Bad. Mend it.' },
        output: 'Procfile:2:5: warning: Odd. Mend it.',
      },
    ]);
  });

  it('fails for warnings if it is strict', () => {
    const [first] = checkSuite([WARNING, ERROR], ['Procfile'], true).cases;
    expect(first?.failure?.text).toBe(
      'Procfile:2:5: warning: Odd. Mend it.\nProcfile:2:5: error: Bad. Mend it.',
    );
    expect(first?.output).toBeUndefined();
  });
});

describe('problemAnnotation', () => {
  it.each([
    ['/repo', '/repo', 'Procfile'],
    ['/repo/apps/a', '/repo', 'apps/a/Procfile'],
    ['/elsewhere', '/repo', 'Procfile'],
  ])('names the file of an app in %s from %s', (dir, root, file) => {
    expect(problemAnnotation(ERROR, dir, root)).toBe(`::error file=${file},line=2::Bad. Mend it.`);
  });
});
