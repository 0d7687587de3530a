import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES, run } from '../helpers/dynosim.js';

interface Diagnosis {
  readonly verdict: string;
  readonly checks: readonly { readonly id: string; readonly verdict: string; readonly seen: string }[];
}

/** The verdicts of `doctor --quick` that are no `pass`. */
async function verdicts(dir: string): Promise<readonly string[]> {
  const { status, stdout } = await run(['doctor', '--quick', '--json', '--dir', dir]);
  const { verdict, checks }: Diagnosis = JSON.parse(stdout);
  expect(status).toBe(verdict === 'fail' ? 1 : 0);
  expect(checks.map(({ id }) => id)).toEqual(['procfile', 'files', 'versions', 'dependencies', 'workers']);
  return checks.filter((check) => check.verdict !== 'pass').map((check) => `${check.id}: ${check.verdict}`);
}

/** What is wrong with the files of each app in examples/doctor. Nothing is with those of the others. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  procfile: ['procfile: fail'],
  files: ['files: fail'],
  versions: ['versions: warn'],
  dependencies: ['dependencies: fail'],
  workers: ['workers: warn'],
};

test.each(readdirSync(join(EXAMPLES, 'doctor')))(
  'examples/doctor/%s has its own fault only',
  async (name) => {
    expect(await verdicts(join(EXAMPLES, 'doctor', name))).toEqual(FAULTS[name] ?? []);
  },
);

/** Eco dynos sleep, and the examples for that show it. */
const SLEEPERS = ['node-postgres-redis', 'node-web-worker', 'sleepy-counter'];

test.each(readdirSync(EXAMPLES).filter((name) => name !== 'doctor'))(
  'examples/%s has no fault in its files',
  async (name) => {
    const found = await verdicts(join(EXAMPLES, name));
    // The versions depend on the machine.
    const faults = found.filter((fault) => fault !== 'versions: warn');
    expect(faults).toEqual(SLEEPERS.includes(name) ? ['workers: warn'] : []);
  },
);
