import { setTimeout as pause } from 'node:timers/promises';
import { isLinux, rssMb } from '../linux.js';
import { limit } from '../table.js';
import { printLines } from './logs.js';

const LINES = 400_000;
/** The time for each 64 KB: about 3 MB/s, of about 100 MB. */
const CHUNK_MS = 20;
const SLOW_MS = 8000;
/** V8 lets its heap of young objects grow to 16 MB, and copies it within twice that. */
const MOST_MB = 40;

export const title = `memory while a slow reader holds back 2 × ${LINES.toLocaleString('en')} lines`;

export async function measure(bench) {
  if (!isLinux) return [];
  const command = printLines(bench, LINES);
  const app = bench.app(`worker: ${command}\nclock: ${command}\n`);
  const dynosim = await grown(bench.dynosim(app));
  const nf = bench.peers.has('foreman') ? await grown(bench.nf(app)) : undefined;
  return [
    limit(
      {
        measure: 'memory grown by a slow reader',
        value: dynosim.mb,
        peer: nf && { name: 'nf', value: nf.mb },
        unit: 'MB',
      },
      MOST_MB,
    ),
    limit({ measure: '  lines lost', value: dynosim.lost }, 1),
  ];
}

/** How much the main process grows while it is read slowly, and how many lines never come. */
async function grown(subject) {
  try {
    const done = subject.printed('line-42', 2);
    subject.readOneChunkIn(CHUNK_MS);
    while (subject.lines === 0) await pause(10);
    const before = rssMb(subject.pid);
    await pause(SLOW_MS);
    const mb = rssMb(subject.pid) - before;
    subject.readOneChunkIn(0);
    await done;
    return { mb, lost: Math.max(0, 2 * LINES - subject.lines) };
  } finally {
    await subject.end();
  }
}
