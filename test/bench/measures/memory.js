import { setTimeout as pause } from 'node:timers/promises';
import { cpuMs, isLinux } from '../linux.js';
import { limit } from '../table.js';

const DYNOS = 50;
const SETTLE_MS = 4000;
/** Two rounds of measuring. */
const WATCH_MS = 40_000;

const PROGRAM = "console.log('line-' + 6 * 7); setInterval(() => {}, 1e6)";
const PROCFILE = Array.from(
  { length: DYNOS },
  (_, index) => `worker-${index + 1}: exec node -e "${PROGRAM}"\n`,
).join('');

export const title = `what it costs to measure the memory of ${DYNOS} dynos`;

export async function measure(bench) {
  if (!isLinux) return [];
  // Near this quota by the cheap upper bound: most must be measured exactly each time.
  const dynosim = bench.dynosim(bench.app(PROCFILE), { flags: ['--memory-quota', '40m'] });
  try {
    await dynosim.printed('line-42', DYNOS);
    await pause(SETTLE_MS);
    const before = cpuMs([dynosim.pid]);
    await pause(WATCH_MS);
    const cpu = ((cpuMs([dynosim.pid]) - before) / WATCH_MS) * 100;
    const what = `memory of ${DYNOS} dynos measured, CPU`;
    return [limit({ measure: what, value: cpu, unit: '% of a core', digits: 3 }, 1)];
  } finally {
    await dynosim.end();
  }
}
