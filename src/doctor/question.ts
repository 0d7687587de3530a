import type { Trial } from './app/trial.js';
import type { Subject } from './subject.js';

/** `skip`: the question could not be answered, or was not asked. Only `fail` makes the app fail. */
export type Verdict = 'pass' | 'warn' | 'fail' | 'skip';

/** What a question found. The functions below make one. */
export interface Answer {
  readonly verdict: Verdict;
  /** What was seen, or why nothing could be seen, in one sentence. */
  readonly seen: string;
  /** How to mend it, in one sentence; null if nothing is to be mended. */
  readonly mend: string | null;
  /** Where in the app's files, if it is in one of them. */
  readonly place?: Place;
}

/** A place in the app's files. */
interface Place {
  /** Relative to the app's folder. */
  readonly file: string;
  /** From 1; 0 is the file as a whole. */
  readonly line: number;
}

interface Topic {
  /** What holds if the verdict is `pass`, in a few words with a capital: `Ends within 30 seconds of SIGTERM`. */
  readonly title: string;
  /** Why it matters, in one sentence. */
  readonly why: string;
  /** Heroku's page about it. */
  readonly link: string;
  /** The IDs of earlier questions. If one of them fails or is skipped, this one is skipped. */
  readonly needs?: readonly string[];
  /** The IDs of earlier questions. If one of them fails, this one is skipped. */
  readonly unlessFailed?: readonly string[];
}

/** A question that the app's files answer. */
export interface FileQuestion extends Topic {
  readonly about: 'files';
  /** @throws what is a bug; a fault of the app is an answer */
  ask(subject: Subject): Answer | Promise<Answer>;
}

/** A question that the running app answers: whether it survives one thing that the platform does. */
export interface AppQuestion extends Topic {
  readonly about: 'app';
  /** @throws CannotTell if there is no answer, and what is a bug; a fault of the app is an answer */
  ask(trial: Trial): Promise<Answer>;
}

export type Question = FileQuestion | AppQuestion;

/** Why a question cannot be answered, in one sentence. */
export class CannotTell extends Error {}

export const pass = (seen: string): Answer => ({ verdict: 'pass', seen, mend: null });
export const skip = (seen: string): Answer => ({ verdict: 'skip', seen, mend: null });
export const warn = (seen: string, mend: string): Answer => ({ verdict: 'warn', seen, mend });
export const fail = (seen: string, mend: string): Answer => ({ verdict: 'fail', seen, mend });

/** A question and its answer, as `doctor --json` prints it. */
export interface Check extends Answer, Pick<Topic, 'title' | 'why' | 'link'> {
  readonly id: string;
  readonly durationMs: number;
}

/** The verdict on an app, as `doctor --json` prints it. */
export interface Diagnosis {
  /** The app's name. */
  readonly app: string;
  /** `fail` if any check fails. */
  readonly verdict: 'pass' | 'fail';
  readonly checks: readonly Check[];
}
