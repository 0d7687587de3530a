import { measureFirstLines } from './first-lines.js';

export const title = "time to the first dyno's first line";

export function measure(bench) {
  return measureFirstLines(bench, { what: 'first line', rounds: 30, types: ['web'], target: 1.2 });
}
