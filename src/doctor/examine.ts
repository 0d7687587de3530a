import type { Clock } from '../base/clock.js';
import type { Trial } from './app/trial.js';
import { type Answer, CannotTell, type Check, type Diagnosis, type Question, skip } from './question.js';
import type { Subject } from './subject.js';

/** The questions by their IDs, in the order in which they are asked. */
export type Questions = Readonly<Record<string, Question>>;

export interface ExamineOptions {
  readonly subject: Subject;
  /** Runs the app if a question needs that. */
  readonly trial: Trial;
  readonly questions: Questions;
  /** Whether a question is asked for the user. Those that it needs are asked as well. */
  isWanted(id: string): boolean;
  /** For durations. */
  readonly clock: Pick<Clock, 'now'>;
  /** Called before a question is asked. */
  onAsk?(id: string): void;
  /** Called with each answer that the user wants. */
  onCheck?(check: Check): void;
}

/** Asks the questions about an app one after the other. */
export async function examine(options: ExamineOptions): Promise<Diagnosis> {
  const { subject, questions, clock, onAsk, onCheck } = options;
  const asked = neededFor(questions, options.isWanted);
  const answers = new Map<string, Answer>();
  const checks: Check[] = [];
  for (const [id, question] of Object.entries(questions)) {
    if (!asked.has(id)) continue;
    onAsk?.(id);
    const begin = clock.now();
    const answer = impossible(question, answers) ?? (await ask(question, options));
    answers.set(id, answer);
    if (!options.isWanted(id)) continue;
    const check = checkOf(id, question, answer, clock.now() - begin);
    checks.push(check);
    onCheck?.(check);
  }
  const isFailed = checks.some(({ verdict }) => verdict === 'fail');
  return { app: subject.name, verdict: isFailed ? 'fail' : 'pass', checks };
}

async function ask(question: Question, { subject, trial }: ExamineOptions): Promise<Answer> {
  try {
    return await (question.about === 'files' ? question.ask(subject) : question.ask(trial));
  } catch (error) {
    if (error instanceof CannotTell) return skip(error.message);
    throw error;
  }
}

/** The IDs of the wanted questions and of those that they need, directly or not. */
function neededFor(questions: Questions, isWanted: (id: string) => boolean): ReadonlySet<string> {
  const needed = new Set<string>();
  const add = (id: string): void => {
    if (needed.has(id)) return;
    needed.add(id);
    questions[id]?.needs?.forEach(add);
    questions[id]?.unlessFailed?.forEach(add);
  };
  Object.keys(questions).filter(isWanted).forEach(add);
  return needed;
}

/** The answer to a question that an earlier answer makes impossible. */
function impossible(
  { needs = [], unlessFailed = [] }: Question,
  answers: ReadonlyMap<string, Answer>,
): Answer | undefined {
  const isVerdict = (verdict: string) => (id: string) => answers.get(id)?.verdict === verdict;
  const failed = [...needs, ...unlessFailed].find(isVerdict('fail'));
  if (failed !== undefined) return skip(`Not asked, because "${failed}" failed.`);
  const skipped = needs.find(isVerdict('skip'));
  return skipped === undefined ? undefined : skip(`Not asked, because "${skipped}" could not be answered.`);
}

function checkOf(id: string, { title, why, link }: Question, answer: Answer, durationMs: number): Check {
  return { id, title, why, link, ...answer, durationMs: Math.round(durationMs) };
}
