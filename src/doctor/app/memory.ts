import { MB } from '../../base/bytes.js';
import { type Answer, type AppQuestion, CannotTell, fail, pass, warn } from '../question.js';
import type { MemorySample, MemoryUse } from './memory-watch.js';
import type { Patient } from './patient.js';
import type { Trial } from './trial.js';

/** As long as a leak takes to be seen, real time. */
const LOAD_MS = 20_000;

/** Between an answer and the next request: light load. */
const PAUSE_MS = 100;

export const memory: AppQuestion = {
  title: 'Stays within the memory of its dynos',
  why: 'A dyno above its quota swaps and becomes slow (R14), and one far above it is killed (R15).',
  link: 'https://devcenter.heroku.com/articles/error-codes#r14-memory-quota-exceeded',
  about: 'app',
  needs: ['procfile'],
  unlessFailed: ['dependencies'],
  ask: (trial) => judgeLoad(trial, samplesUnderLoad(trial)),
};

/**
 * @param loading rejects if the app does not survive
 * @throws CannotTell if the app was not killed for its memory and did not run
 */
export async function judgeLoad(
  trial: Pick<Trial, 'killed'>,
  loading: Promise<readonly MemorySample[]>,
): Promise<Answer> {
  const samples = await loading.catch((error: unknown) => {
    if (!trial.killed) throw error;
    return [];
  });
  return trial.killed ? judgeKilled(trial.killed) : judgeMemory(samples);
}

/** @throws CannotTell if the app does not run, or does not survive */
async function samplesUnderLoad(trial: Trial): Promise<readonly MemorySample[]> {
  const patient = await trial.patient();
  const begin = trial.clock.now();
  await load(trial, patient, begin + LOAD_MS);
  return patient.memory.samples.filter(({ atMs }) => atMs >= begin);
}

async function load(trial: Trial, patient: Patient, end: number): Promise<void> {
  for (let left = LOAD_MS; left > 0 && !trial.killed; left = end - trial.clock.now()) {
    // A dyno that is killed for its memory meanwhile does not listen.
    if (trial.hasWeb) await trial.askWeb(patient, { limitMs: left }).catch(() => {});
    await patient.pause(PAUSE_MS);
  }
}

const MEND = 'Use fewer workers (WEB_CONCURRENCY) or a larger dyno size, or find what is kept.';

function judgeKilled({ dyno, bytes, quotaBytes }: MemoryUse): Answer {
  return fail(`${dyno} took ${megabytes(bytes)}, and its quota is ${megabytes(quotaBytes)}.`, MEND);
}

/**
 * @param samples of dynos under load, oldest first
 * @throws CannotTell without any
 */
export function judgeMemory(samples: readonly MemorySample[]): Answer {
  const [worst] = [...samples].sort((a, b) => b.bytes / b.quotaBytes - a.bytes / a.quotaBytes);
  if (!worst) throw new CannotTell('This system does not tell how much memory a process has.');
  const { dyno, bytes, quotaBytes } = worst;
  const seen = `${dyno} takes up to ${megabytes(bytes)}, and its quota is ${megabytes(quotaBytes)}`;
  if (bytes > quotaBytes) return warn(`${seen}.`, MEND);
  const growing = [...new Set(samples.map((sample) => sample.dyno))].find((name) =>
    grows(samples.filter((sample) => sample.dyno === name)),
  );
  if (growing === undefined) return pass(`${seen}.`);
  return warn(`${growing} takes more and more under light load: ${megabytes(bytes)} at last.`, MEND);
}

/** The parts of the load that are compared. */
const PARTS = 4;
/** Fewer samples say nothing. */
const ENOUGH_SAMPLES = 3 * PARTS;
/** From one part to the next. A runtime that warms up, or collects its garbage late, grows less, or not all the time. */
const GROWTH_BYTES = 8 * MB;

/** Whether a dyno grows all the time. */
function grows(samples: readonly MemorySample[]): boolean {
  if (samples.length < ENOUGH_SAMPLES) return false;
  const size = samples.length / PARTS;
  const parts = Array.from({ length: PARTS }, (_, part) =>
    samples.slice(Math.floor(part * size), Math.floor((part + 1) * size)).map(({ bytes }) => bytes),
  );
  return parts.every((part, index) => {
    const before = parts[index - 1];
    if (!before) return true;
    return Math.min(...part) >= Math.max(...before) && mean(part) - mean(before) > GROWTH_BYTES;
  });
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / MB)} MB`;
}
