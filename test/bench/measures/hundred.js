import { interleaved } from '../numbers.js';
import { compareCosts } from '../table.js';

const ROUNDS = 10;
const COUNT = 100;

/** A hundred types: the same file for both, and no port to wait for, which nf would not do. */
const PROCFILE = Array.from(
  { length: COUNT },
  (_, index) => `worker-${index + 1}: echo line-$((6 * 7)); exec sleep 600\n`,
).join('');

export const title = `time until ${COUNT} processes have printed their first line`;

export async function measure(bench) {
  const app = bench.app(PROCFILE);
  const times = await interleaved(ROUNDS, {
    dynosim: () => allFirstLines(bench.dynosim(app)),
    ...(bench.peers.has('foreman') && { nf: () => allFirstLines(bench.nf(app)) }),
  });
  const what = { measure: `${COUNT} first lines`, unit: 'ms', dynosim: times.dynosim };
  return [compareCosts({ ...what, peer: times.nf, peerName: 'nf' }, 1.3)];
}

async function allFirstLines(subject) {
  try {
    return await subject.printed('line-42', COUNT);
  } finally {
    await subject.end();
  }
}
