import { describe, inject } from 'vitest';
import { Machines } from './machines.js';

/** Tests that need the machines. Without them, they are skipped, and their title says why. */
export function describeOnMachines(title: string, tests: (machines: Machines) => void): void {
  const given = inject('machines');
  if ('missing' in given) describe.skip(`${title} (${given.missing})`, () => tests(new Machines(NONE)));
  else describe(title, () => tests(new Machines(given)));
}

const NONE = { folder: '/nonexistent', first: 0 };
