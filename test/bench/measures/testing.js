import { fileURLToPath } from 'node:url';
import { bootBare } from '../boot.js';
import { interleaved, median } from '../numbers.js';
import { compareCosts, limit } from '../table.js';
import { COMMAND, FILES } from './wake.js';

const ROUNDS = 20;
/** The first one also compiles code. */
const RESETS = 2;
/** How much a reset may add to the app's own boot. */
const MOST_ADDED_MS = 50;

const LIBRARY = fileURLToPath(new URL('../../../dist/testing.js', import.meta.url));

/** A test that prints when its app is up, and how long its resets take. */
const PROGRAM = `
import { startApp } from ${JSON.stringify(LIBRARY)};
const app = await startApp({ dir: '.' });
console.log('the app is up');
for (let count = Number(process.argv[2]); count > 0; count -= 1) {
  const startedAt = performance.now();
  await app.reset();
  console.log(performance.now() - startedAt);
}
await app.stop();
`;

export const title = "time until an app under test is up, and a reset beside the app's own boot";

export async function measure(bench) {
  const folder = bench.folder({ ...FILES, 'test.mjs': PROGRAM });
  const test = (resets) => bench.node(['test.mjs', String(resets)], folder);
  // With its end it keeps the code that it has compiled, as `start` does.
  await test(0).output();
  const times = await interleaved(ROUNDS, {
    start: () => untilUp(bench.dynosim(folder), 'from starting to up'),
    test: () => untilUp(test(0), 'the app is up'),
    reset: async () => Number((await test(RESETS).output()).trim().split('\n').at(-1)),
    boot: () => bootBare(bench, folder, COMMAND),
  });
  const [boot, reset] = [median(times.boot), median(times.reset)];
  const whole = { measure: 'app under test up, whole process', unit: 'ms' };
  const peer = { name: 'boot', value: boot };
  return [
    compareCosts({ ...whole, dynosim: times.test, peer: times.start, peerName: 'start' }, 1.2),
    limit(
      { measure: "  reset beside the app's boot, median", value: reset - boot, peer, unit: 'ms', digits: 1 },
      MOST_ADDED_MS,
    ),
  ];
}

async function untilUp(subject, marker) {
  try {
    return await subject.printed(marker);
  } finally {
    await subject.end();
  }
}
