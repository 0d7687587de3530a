import { setTimeout as pause } from 'node:timers/promises';
import { cpuMs, isLinux, ownProcesses, pssMb } from '../linux.js';
import { limit } from '../table.js';

const DYNOS = 50;
const SETTLE_MS = 4000;
const WATCH_MS = 20_000;

/** One that listens, as an app has, and many that do nothing. Their own cost does not count. */
const SERVER = "require('http').createServer().listen(process.env.PORT, () => console.log('line-' + 6 * 7))";
const PROCFILE = [
  `web: exec node -e "${SERVER}"\n`,
  ...Array.from(
    { length: DYNOS - 1 },
    (_, index) => `worker-${index + 1}: echo line-$((6 * 7)); exec sleep 600\n`,
  ),
].join('');

export const title = `what it costs while ${DYNOS} dynos have nothing to do`;

export async function measure(bench) {
  if (!isLinux) return [];
  const app = bench.app(PROCFILE);
  const subjects = {
    dynosim: bench.dynosim(app),
    ...(bench.peers.has('foreman') && { nf: bench.nf(app) }),
  };
  try {
    const costs = await costsOf(subjects);
    const row = (name, key, unit, digits, below) => {
      const peer = costs.nf && { name: 'nf', value: costs.nf[key] };
      return limit({ measure: name, value: costs.dynosim[key], peer, unit, digits }, below);
    };
    return [
      row(`idle with ${DYNOS} dynos, CPU`, 'cpu', '% of a core', 3, 1.5),
      row('  memory (PSS)', 'pss', 'MB', 0, 110),
    ];
  } finally {
    for (const subject of Object.values(subjects)) await subject.end();
  }
}

/** All at the same time: idle processes do not disturb one another. */
async function costsOf(subjects) {
  await Promise.all(Object.values(subjects).map((subject) => subject.printed('line-42', DYNOS)));
  await pause(SETTLE_MS);
  const own = Object.entries(subjects).map(([name, subject]) => ({
    name,
    pids: ownProcesses(subject.pid),
    before: 0,
  }));
  for (const entry of own) entry.before = cpuMs(entry.pids);
  await pause(WATCH_MS);
  return Object.fromEntries(
    own.map(({ name, pids, before }) => [
      name,
      {
        cpu: ((cpuMs(pids) - before) / WATCH_MS) * 100,
        pss: pids.reduce((sum, pid) => sum + pssMb(pid), 0),
      },
    ]),
  );
}
