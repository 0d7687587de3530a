import { procfile } from './files/procfile.js';
import { workers } from './files/workers.js';
import type { Question } from './question.js';

/** The questions by their IDs, in the order in which they are asked. Each has a page in `docs/doctor/`. */
export const QUESTIONS = {
  procfile,
  workers,
} as const satisfies Record<string, Question>;
