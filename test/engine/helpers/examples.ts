import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXAMPLES } from '../../helpers/dynosim.js';

/** An example of this repository, as it is seen on an engine. */
export interface Example {
  /** What it answers to `GET /`. */
  readonly answer: RegExp;
  /** Each process type, and the exit status with which it ends on SIGTERM. */
  readonly ends: Readonly<Record<string, number>>;
}

/** 143: no handler of SIGTERM. */
export const RUNS: Readonly<Record<string, Example>> = {
  ci: { answer: /^Hello from web\.1: GET \/\n$/, ends: { web: 0 } },
  'flask-gunicorn': { answer: /^Hello from web\.1, process \d+\n$/, ends: { web: 0 } },
  'flask-uwsgi': { answer: /^Hello from web\.1, process \d+\n$/, ends: { web: 0 } },
  'node-web-worker': {
    answer: /^Hello from web\.1: GET \/\n$/,
    ends: { web: 0, worker: 143, clock: 143 },
  },
  'sleepy-counter': { answer: /^This process has counted to \d+\n$/, ends: { web: 0, clock: 143 } },
  'vitest-sleep': { answer: /^Guests: nobody\n$/, ends: { web: 143 } },
};

/** Those that `addons.test.ts` runs. */
export const WITH_ADDONS = ['flask-postgres', 'node-postgres-redis'] as const;

/** The folders of examples with an app; those of `doctor` are apps with a fault each. */
export function exampleApps(): string[] {
  return readdirSync(EXAMPLES).filter((name) => readdirSync(join(EXAMPLES, name)).includes('Procfile'));
}

/** Debian's versions, which the base image has as wheels, in the place of those of PyPI, which may not be reachable. */
export function useWheels(folder: string): void {
  const file = join(folder, 'requirements.txt');
  if (!readdirSync(folder).includes('requirements.txt')) return;
  const names = readFileSync(file, 'utf8').replace(/==.*$/gm, '').replace('psycopg2-binary', 'psycopg2');
  writeFileSync(file, names);
  // Debian has one version of Python.
  for (const name of ['.python-version', 'runtime.txt']) rmSync(join(folder, name), { force: true });
}
