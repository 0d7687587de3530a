import { join } from 'node:path';
import { afterInBackground } from './base/clock.js';
import { runBundle } from './base/code-cache.js';

/** A hash of the bundle, put here by the build. */
declare const LIBRARY_ID: string;

/**
 * Most programs have started an app by then, which compiles what that needs. A program that is killed later could cache
 * nothing at its end.
 */
const STARTED_MS = 2000;

const { exports: library, keep } = runBundle(
  { file: join(__dirname, 'library.cjs'), name: 'library', id: LIBRARY_ID, require },
  process.env,
);

if (keep) {
  afterInBackground(STARTED_MS, () => {
    process.off('exit', keep);
    keep();
  });
  process.once('exit', keep);
}

/** The modules of library.ts. */
export const { index, testing } = library as typeof import('./library.js');
