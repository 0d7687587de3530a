import { interleaved } from '../numbers.js';
import { compareRates } from '../table.js';

const ROUNDS = 3;
const LINES = 400_000;

export const title = `2 processes print ${LINES.toLocaleString('en')} lines of 80 bytes each, as fast as they are read`;

export async function measure(bench) {
  const command = printLines(bench, LINES);
  const app = bench.app(`worker: ${command}\nclock: ${command}\n`);
  const { peers } = bench;
  const rates = await interleaved(ROUNDS, {
    dynosim: () => rate(bench.dynosim(app)),
    ...(peers.has('foreman') && { nf: () => rate(bench.nf(app)) }),
    ...(peers.has('concurrently') && {
      concurrently: () => rate(bench.concurrently(app, [command, command])),
    }),
  });
  const what = { measure: 'log lines', unit: 'k/s', dynosim: rates.dynosim };
  return [
    compareRates({ ...what, peer: rates.nf, peerName: 'nf' }, 1),
    compareRates({ ...what, peer: rates.concurrently, peerName: 'concurrently' }),
  ];
}

/** A command that prints numbered lines as fast as they are read, then a last one, and stays. */
export function printLines(bench, count) {
  const lines = Array.from({ length: count }, (_, index) => String(index).padEnd(79, ' lorem ipsum dolor'));
  const folder = bench.folder({ lines: `${lines.join('\n')}\n` });
  return `cat ${folder}/lines; echo line-$((6 * 7)); exec sleep 600`;
}

/** Thousands of lines per second, its start included. */
async function rate(subject) {
  try {
    const ms = await subject.printed('line-42', 2);
    return (2 * LINES) / ms;
  } finally {
    await subject.end();
  }
}
