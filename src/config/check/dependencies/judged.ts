import { lineAt, type Problem } from '../../../procfile/problem.js';

/** What is known of something that a command needs. */
export type Judged =
  /** Heroku's build brings it. `where`: `gunicorn is in requirements.txt`; undefined for what every dyno has. */
  | { readonly is: 'there'; readonly where?: string }
  /** The dyno will not have it. */
  | { readonly is: 'lost'; readonly problem: Problem }
  /** `why` is a sentence. */
  | { readonly is: 'unknown'; readonly why: string };

export const THERE: Judged = { is: 'there' };

export function thereIn(name: string, file: string): Judged {
  return { is: 'there', where: `${name} is in ${file}` };
}

/** @param file what to change */
export function lost(file: string, line: number, message: string, hint: string): Judged {
  return {
    is: 'lost',
    problem: { severity: 'error', file, line, column: 0, message, hint, topic: 'dependencies' },
  };
}

export function unknown(why: string): Judged {
  return { is: 'unknown', why };
}

/** The line of a word in a text, from 1; 0 if it is not there. */
export function lineOf(text: string, word: string): number {
  const index = text.indexOf(word);
  return index === -1 ? 0 : lineAt(text, index);
}
