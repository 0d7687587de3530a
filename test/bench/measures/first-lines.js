import { interleaved } from '../numbers.js';
import { compareCosts } from '../table.js';

/**
 * Commands that print `line-42` and stay, without that text in the command itself: no other line is taken for theirs.
 * For shell code, bash runs here, as on Heroku, and with nf dash, which starts sooner. Most lines of Procfiles are plain
 * commands, which need no shell, so only these have a target.
 */
const COMMANDS = [
  { name: 'a plain command', command: 'tail -n 1 -f line.txt', hasTarget: true },
  { name: 'shell code', command: 'echo line-$((6 * 7)); exec sleep 600', hasTarget: false },
];

/**
 * Measures the time until a number of processes have printed their first line, compared with nf.
 * @param {{ what: string, rounds: number, types: readonly string[], target: number }} options
 */
export async function measureFirstLines(bench, { what, rounds, types, target }) {
  const rows = [];
  for (const { name, command, hasTarget } of COMMANDS) {
    const Procfile = types.map((type) => `${type}: ${command}\n`).join('');
    const app = bench.folder({ Procfile, 'line.txt': 'line-42\n' });
    const times = await interleaved(rounds, {
      dynosim: () => firstLines(bench.dynosim(app), types.length),
      ...(bench.peers.has('foreman') && { nf: () => firstLines(bench.nf(app), types.length) }),
    });
    const compared = { measure: `${what}: ${name}`, unit: 'ms', dynosim: times.dynosim };
    rows.push(compareCosts({ ...compared, peer: times.nf, peerName: 'nf' }, hasTarget ? target : undefined));
  }
  return rows;
}

async function firstLines(subject, count) {
  try {
    return await subject.printed('line-42', count);
  } finally {
    await subject.end();
  }
}
