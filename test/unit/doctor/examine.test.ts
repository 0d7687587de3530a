import { expect, test } from 'vitest';
import { loadPrograms } from '../../../src/base/process.js';
import { Trial } from '../../../src/doctor/app/trial.js';
import { type ExamineOptions, examine, type Questions } from '../../../src/doctor/examine.js';
import {
  type Answer,
  CannotTell,
  type FileQuestion,
  fail,
  pass,
  skip,
  warn,
} from '../../../src/doctor/question.js';
import { ManualClock } from '../../helpers/manual-clock.js';

const SUBJECT = {
  name: 'my-app',
  dir: '/app',
  procfile: 'Procfile',
  envFiles: [],
  report: { processes: [], problems: [] },
  formation: new Map(),
  configVars: new Map(),
  buildpacks: [],
  shell: {},
};

function question(answer: Answer, needs: readonly string[] = []): FileQuestion {
  return { title: 'T', why: 'W', link: 'L', about: 'files', needs, ask: () => answer };
}

/** Runs nothing, because these questions do not ask for that. */
const TRIAL = new Trial(
  SUBJECT,
  {
    path: '/',
    sleepAfterMs: 0,
    timeouts: { boot: 0, shutdown: 0, request: 0 },
    memoryQuota: undefined,
    runsRelease: false,
  },
  {
    env: {},
    settings: {},
    tmp: '/tmp',
    clock: new ManualClock(),
    programs: await loadPrograms(),
    signal: new AbortController().signal,
  },
);

function ask(questions: Questions, options: Partial<ExamineOptions> = {}) {
  return examine({
    subject: SUBJECT,
    trial: TRIAL,
    questions,
    isWanted: () => true,
    clock: new ManualClock(),
    ...options,
  });
}

test('the app fails if a check fails; a warning is none', async () => {
  const found = await ask({ a: question(pass('fine')), b: question(warn('odd', 'mend it')) });
  expect(found).toMatchObject({ app: 'my-app', verdict: 'pass' });
  expect(found.checks.map(({ id, verdict, mend }) => [id, verdict, mend])).toEqual([
    ['a', 'pass', null],
    ['b', 'warn', 'mend it'],
  ]);
  expect(await ask({ a: question(fail('bad', 'mend it')) })).toMatchObject({ verdict: 'fail' });
});

test('a question that an earlier answer makes impossible is skipped, and says why', async () => {
  const { checks } = await ask({
    a: question(fail('bad', 'mend it')),
    b: question(pass('fine'), ['a']),
    c: question(pass('fine'), ['b']),
    d: question(skip('no idea')),
    e: question(warn('odd', 'mend it')),
    f: question(pass('fine'), ['e']),
  });
  expect(checks.map(({ id, verdict, seen }) => `${id} ${verdict} ${seen}`)).toEqual([
    'a fail bad',
    'b skip Not asked, because "a" failed.',
    'c skip Not asked, because "b" could not be answered.',
    'd skip no idea',
    'e warn odd',
    'f pass fine',
  ]);
});

test('a question that must not follow a failed one follows one that was skipped', async () => {
  const after = (...unlessFailed: readonly string[]) => ({ ...question(pass('fine')), unlessFailed });
  const { checks } = await ask({
    a: question(fail('bad', 'mend it')),
    b: question(skip('no idea')),
    c: after('a'),
    d: after('b'),
    e: after('not there'),
  });
  expect(checks.map(({ verdict }) => verdict)).toEqual(['fail', 'skip', 'skip', 'pass', 'pass']);
});

test('a question without an answer is skipped, and says why', async () => {
  const unanswered = async () => {
    throw new CannotTell('Nobody knows.');
  };
  const { checks } = await ask({ a: { ...question(pass('')), about: 'app', ask: unanswered } });
  expect(checks).toMatchObject([{ verdict: 'skip', seen: 'Nobody knows.' }]);
});

test('what a wanted question needs is asked, but not shown', async () => {
  const questions = {
    a: question(fail('bad', 'mend it')),
    b: question(pass('fine')),
    c: question(pass('fine'), ['a']),
  };
  const asked: string[] = [];
  const found = await ask(questions, { isWanted: (id) => id === 'c', onAsk: (id) => asked.push(id) });
  expect(asked).toEqual(['a', 'c']);
  expect(found.verdict).toBe('pass');
  expect(found.checks.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(['c skip']);
});
