import { measureFirstLines } from './first-lines.js';

/** With two, what dynosim does for each process counts as well as its own start. */
const TYPES = ['web', 'worker'];

export const title = 'time until two processes have printed their first line';

export function measure(bench) {
  return measureFirstLines(bench, { what: '2 first lines', rounds: 30, types: TYPES, target: 1.1 });
}
