import { UserError } from '../base/errors.js';

/** A problem in one of the app's files. */
export interface Problem {
  /** An error keeps the app from starting; `start` prints a warning and continues. */
  readonly severity: 'error' | 'warning';
  /** As the user knows it: relative to the app's folder, or as the user named it. */
  readonly file: string;
  /** From 1; 0 is the file as a whole. */
  readonly line: number;
  /** From 1, in UTF-16 units as editors count them; 0 is the line as a whole. */
  readonly column: number;
  /** The mistake and its consequence. */
  readonly message: string;
  /** The remedy, unless the message says it already. */
  readonly hint?: string;
  /** What it is about, if not about the file itself. */
  readonly topic?: Topic;
}

/**
 * What a problem is about. `machine`: what is not here, but may be on Heroku, such as a program or the result of a build.
 * `reading`: why a file cannot be read that the app can do without.
 */
export type Topic = 'machine' | 'reading' | 'versions' | 'dependencies' | 'files';

/** Formats a problem in one line, like compilers: `Procfile:3:5: warning: … Write …`. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, severity } = problem;
  const place = [file, ...(line > 0 ? [line] : []), ...(line > 0 && column > 0 ? [column] : [])].join(':');
  return `${place}: ${severity}: ${explain(problem)}`;
}

/**
 * A warning about a file.
 * @param line 0: the file as a whole
 * @param column 0: the line as a whole
 */
export function warning(file: string, message: string, hint?: string, line = 0, column = 0): Problem {
  return { severity: 'warning', file, line, column, message, ...(hint !== undefined && { hint }) };
}

/** An error about a file, as `warning`. */
export function errorAbout(file: string, message: string, hint?: string, line = 0): Problem {
  return { ...warning(file, message, hint, line), severity: 'error' };
}

/** The line of an index in a text, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/**
 * Describes a file that cannot be used as a problem.
 * @throws any other error than a UserError
 */
export function problemOf(error: unknown, file: string, severity: Problem['severity']): Problem {
  if (!(error instanceof UserError)) throw error;
  const { message, hint } = error;
  return { severity, file, line: 0, column: 0, message: `${message}.`, ...(hint !== undefined && { hint }) };
}

export function explain({ message, hint }: Problem): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

/** How many warnings of a file are shown at every start. */
const FIRST_PER_FILE = 5;

/**
 * The problems to show at every start: all errors, and the first few warnings of each file. `check` shows all.
 * @returns the problems to show, in their order, and how many were left out
 */
export function firstProblems(problems: readonly Problem[]): {
  readonly shown: readonly Problem[];
  readonly more: number;
} {
  const counts = new Map<string, number>();
  const shown = problems.filter(({ file, severity }) => {
    const count = (counts.get(file) ?? 0) + 1;
    counts.set(file, count);
    return severity === 'error' || count <= FIRST_PER_FILE;
  });
  return { shown, more: problems.length - shown.length };
}

/**
 * Keeps the first `limit` problems and counts the rest: a million bad lines in a file are one mistake.
 */
export class ProblemList {
  readonly #file: string;
  readonly #limit: number;
  readonly #problems: Problem[] = [];
  #more = 0;

  constructor(file: string, limit = 50) {
    this.#file = file;
    this.#limit = limit;
  }

  /** Whether further problems are only counted. */
  get isFull(): boolean {
    return this.#problems.length >= this.#limit;
  }

  warn(line: number, column: number, message: string, hint?: string, topic?: Topic): void {
    if (this.isFull) this.count();
    else
      this.#problems.push({ ...warning(this.#file, message, hint, line, column), ...(topic && { topic }) });
  }

  /** Counts a problem without keeping it. */
  count(): void {
    this.#more += 1;
  }

  /** The kept problems in the order of their lines, and a final one that counts the rest. */
  list(): readonly Problem[] {
    const sorted = [...this.#problems].sort((a, b) => a.line - b.line || a.column - b.column);
    if (this.#more === 0) return sorted;
    const message = `${this.#more} more ${this.#more === 1 ? 'problem' : 'problems'} in this file.`;
    return [...sorted, warning(this.#file, message)];
  }
}
