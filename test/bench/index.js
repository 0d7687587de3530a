// Measures dynosim and its peers, in turns in one run, and prints one table.
//   npm run bench                   everything, a few minutes
//   npm run bench -- start idle     these only
//   npm run bench -- --strict       a missed target is a failure
// Ends what it starts and removes what it writes; only the peers remain, in .cache/bench.
import { parseArgs } from 'node:util';
import { isLinux } from './linux.js';
import * as commands from './measures/commands.js';
import * as host from './measures/host.js';
import * as hundred from './measures/hundred.js';
import * as idle from './measures/idle.js';
import * as logs from './measures/logs.js';
import * as memory from './measures/memory.js';
import * as push from './measures/push.js';
import * as router from './measures/router.js';
import * as slow from './measures/slow.js';
import * as start from './measures/start.js';
import * as testing from './measures/testing.js';
import * as wake from './measures/wake.js';
import { Peers } from './peers.js';
import { describeMachine, formatTable } from './table.js';
import { Workbench } from './workbench.js';

/** In this order: each exports `title` and `measure(bench)`, which resolves with rows of the table. */
const MEASURES = { start, testing, hundred, commands, router, wake, host, push, logs, idle, memory, slow };

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { strict: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(MEASURES, name));
if (unknown.length > 0) {
  console.error(`There is no measure ${unknown.join(', ')}: there are ${Object.keys(MEASURES).join(', ')}`);
  process.exit(2);
}

const machine = describeMachine();
const peers = new Peers();
const remarks = [
  ...peers.prepare(),
  ...(isLinux ? [] : ['router, wake, host, push, idle, memory and slow are left out: they need Linux']),
];
const bench = new Workbench(peers);
let stopping;
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
  process.once(signal, () => {
    stopping = bench.close().then(() => process.exit(128 + number));
  });
}

const rows = [];
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(MEASURES)) {
    console.error(`${name}: ${MEASURES[name].title} …`);
    rows.push(...(await MEASURES[name].measure(bench)));
  }
} catch (error) {
  // The end of a measure's processes is then expected.
  await stopping;
  throw error;
} finally {
  await bench.close();
}

console.log(`\n${formatTable(rows)}\n`);
for (const remark of remarks) console.log(remark);
console.log(machine);
if (flags.strict && rows.some(({ isOk }) => isOk === false)) process.exitCode = 1;
