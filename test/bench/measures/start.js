import { interleaved } from '../numbers.js';
import { compareCosts } from '../table.js';

const ROUNDS = 30;
/** The shell does the sum, so that no line with the command in it is taken for the process's own. */
const PROCFILE = 'web: echo line-$((6 * 7)); exec sleep 600\n';

export const title = "time to the first dyno's first line";

export async function measure(bench) {
  const app = bench.app(PROCFILE);
  const times = await interleaved(ROUNDS, {
    dynosim: () => firstLine(bench.dynosim(app)),
    ...(bench.peers.has('foreman') && { nf: () => firstLine(bench.nf(app)) }),
  });
  const what = { measure: "first dyno's first line", unit: 'ms', dynosim: times.dynosim };
  return [compareCosts({ ...what, peer: times.nf, peerName: 'nf' }, 1.2)];
}

async function firstLine(subject) {
  try {
    return await subject.printed('line-42');
  } finally {
    await subject.end();
  }
}
