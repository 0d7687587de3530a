import { join } from 'node:path';
import { systemClock } from '../base/clock.js';
import { runBundle } from '../base/code-cache.js';
import { keepInspectFlags } from '../base/node-options.js';

/** Runs the bundled command line. */

/** A hash of each bundle, put here by the build. */
declare const BUNDLE_IDS: Readonly<Record<'main' | 'main-start', string>>;

/** By now `start` has started its dynos. V8 forgets code that has not run for a while, and `start` may run for days. */
const STARTED_MS = 500;

// The shell's NODE_OPTIONS have opened an inspector here: its port is for the app.
if (keepInspectFlags(process.env)) (require('node:inspector') as typeof import('node:inspector')).close();

const isStart = process.argv[2] === 'start';
const name = isStart ? 'main-start' : 'main';

const { keep } = runBundle(
  { file: join(__dirname, `${name}.cjs`), name, id: BUNDLE_IDS[name], require },
  process.env,
);
if (keep) {
  let isKept = false;
  const keepOnce = (): void => {
    if (!isKept) keep();
    isKept = true;
  };
  if (isStart) systemClock.after(STARTED_MS, keepOnce);
  // A command that failed has compiled too little to be of use.
  process.once('exit', (status) => status === 0 && keepOnce());
}
