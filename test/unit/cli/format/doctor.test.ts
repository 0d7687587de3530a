import { describe, expect, it } from 'vitest';
import { showProgress } from '../../../../src/cli/doctor/progress.js';
import {
  doctorSuite,
  formatAnnotations,
  formatCheck,
  formatFindings,
  toJson,
} from '../../../../src/cli/format/doctor.js';
import { toJunit } from '../../../../src/cli/format/junit.js';
import type { Layout } from '../../../../src/cli/format/table.js';
import type { Check, Diagnosis } from '../../../../src/doctor/question.js';

function layout(width = Number.POSITIVE_INFINITY): Layout {
  return { width, heading: (text) => `=== ${text}`, paint: (_, text) => text };
}

const CHECK: Check = {
  id: 'procfile',
  title: 'Heroku can read the Procfile',
  verdict: 'pass',
  seen: 'It has web.',
  why: 'Heroku starts it.',
  mend: null,
  link: 'https://example.com/procfile',
  durationMs: 1,
};

const FAIL: Check = {
  ...CHECK,
  id: 'dependencies',
  verdict: 'fail',
  seen: 'nodemon\u001b[2J is among devDependencies.',
  mend: 'Move it.',
  place: { file: 'package.json', line: 3 },
  durationMs: 1500,
};
const WARN: Check = {
  ...CHECK,
  id: 'workers',
  verdict: 'warn',
  seen: 'worker sleeps.',
  mend: 'Use basic dynos.',
};
const SKIP: Check = { ...CHECK, id: 'boot', verdict: 'skip', seen: 'Not asked, because "procfile" failed.' };
const DIAGNOSIS: Diagnosis = { app: 'my-app', verdict: 'fail', checks: [CHECK, FAIL, WARN, SKIP] };

describe('a check', () => {
  it('is one line, which says what holds, or what was seen', () => {
    expect(DIAGNOSIS.checks.map((check) => formatCheck(check, layout()))).toEqual([
      'pass  procfile      Heroku can read the Procfile',
      'fail  dependencies  nodemonU+001B[2J is among devDependencies.',
      'warn  workers       worker sleeps.',
      'skip  boot          Not asked, because "procfile" failed.',
    ]);
  });

  it('is wrapped if it passes', () => {
    expect(formatCheck(CHECK, layout(40)).split('\n')).toEqual([
      'pass  procfile      Heroku can read the',
      '                    Procfile',
    ]);
  });

  it('fits the terminal: a finding is shortened, a reason to skip is not', () => {
    expect(formatCheck(FAIL, layout(45))).toBe('fail  dependencies  nodemonU+001B[2J is amon…');
    expect(formatCheck(SKIP, layout(45)).split('\n')).toEqual([
      'skip  boot          Not asked, because',
      '                    "procfile" failed.',
    ]);
  });
});

it('each finding has three lines, and the verdict is last', () => {
  expect(formatFindings(DIAGNOSIS, layout())).toEqual([
    '',
    '=== dependencies (fail)',
    'Seen:  nodemonU+001B[2J is among devDependencies.',
    'Why:   Heroku starts it. https://example.com/procfile',
    'Mend:  Move it.',
    '',
    '=== workers (warn)',
    'Seen:  worker sleeps.',
    'Why:   Heroku starts it. https://example.com/procfile',
    'Mend:  Use basic dynos.',
    '',
    'my-app: fail (1 pass, 1 warn, 1 fail, 1 skip)',
  ]);
  const rows = formatFindings({ ...DIAGNOSIS, checks: [FAIL] }, layout(36));
  expect(rows).toContain('Seen:  nodemonU+001B[2J is among');
  expect(rows).toContain('       devDependencies.');
  expect(rows).toContain('       https://example.com/procfile');
});

it('JSON has the keys that are promised, and no others', () => {
  expect(toJson({ ...DIAGNOSIS, checks: [FAIL] })).toEqual({
    app: 'my-app',
    verdict: 'fail',
    checks: [
      {
        id: 'dependencies',
        title: 'Heroku can read the Procfile',
        verdict: 'fail',
        seen: FAIL.seen,
        why: 'Heroku starts it.',
        mend: 'Move it.',
        link: 'https://example.com/procfile',
        durationMs: 1500,
      },
    ],
  });
});

it('JUnit has a test for each question', () => {
  const xml = toJunit(doctorSuite(DIAGNOSIS));
  expect(xml).toContain(
    '<testsuite name="dynosim doctor" tests="4" failures="1" errors="0" skipped="1" time="1.503">',
  );
  expect(xml).toContain(
    'name="dependencies" file="package.json" time="1.500">\n<failure message="nodemonU+001B[2J is',
  );
  expect(xml).toContain('<skipped message="Not asked, because &quot;procfile&quot; failed."/>');
  expect(xml).toContain(
    '<system-out>worker sleeps.\nHeroku starts it. https://example.com/procfile\nUse basic',
  );
});

it('GitHub gets a line for each finding, at its place in the repository', () => {
  expect(formatAnnotations(DIAGNOSIS, '/repo/app', '/repo')).toEqual([
    '::error file=app/package.json,line=3,title=dynosim doctor%3A dependencies::nodemonU+001B[2J is among devDependencies.%0AHeroku starts it. https://example.com/procfile%0AMove it.',
    '::warning title=dynosim doctor%3A workers::worker sleeps.%0AHeroku starts it. https://example.com/procfile%0AUse basic dynos.',
  ]);
});

describe('progress', () => {
  function screen(isTTY: boolean) {
    const written: string[] = [];
    return { written, isTTY, columns: 14, write: (text: string) => written.push(text) };
  }

  it('is a line of the terminal that vanishes', () => {
    const terminal = screen(true);
    const progress = showProgress(terminal);
    progress.clear();
    progress.show('procfile');
    progress.show('files');
    progress.clear();
    progress.clear();
    expect(terminal.written).toEqual(['Asking: proc…', '\r\x1b[K', 'Asking: file…', '\r\x1b[K']);
  });

  it('does not reach a file', () => {
    const file = screen(false);
    showProgress(file).show('procfile');
    expect(file.written).toEqual([]);
  });
});
