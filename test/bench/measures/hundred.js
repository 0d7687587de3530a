import { measureFirstLines } from './first-lines.js';

const COUNT = 100;

export const title = `time until ${COUNT} processes have printed their first line`;

/** A hundred types: the same file for both, and no port to wait for, which nf would not do. */
export function measure(bench) {
  const types = Array.from({ length: COUNT }, (_, index) => `worker-${index + 1}`);
  return measureFirstLines(bench, { what: `${COUNT} first lines`, rounds: 10, types, target: 1.5 });
}
