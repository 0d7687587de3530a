// Tries to make dynosim lose a request, a deploy or a process, and prints a table for each part.
//   npm run chaos                                about two minutes
//   npm run chaos -- requests --cycles 5000      an app that sleeps and wakes so many times
//   npm run chaos -- deploys --deploys 500       a host whose app is deployed so many times
//   npm run chaos -- --seed 7                    the same choices again, though not the same moments
// It fails if a request is lost, done twice or forgotten, if something acknowledged is lost, if something half-built runs,
// or if a process, mount or file is left.
import { parseArgs } from 'node:util';
import { isLinux } from '../bench/linux.js';
import { describeMachine } from '../bench/table.js';
import { stormDeploys } from './deploys.js';
import { createRandom } from './random.js';
import { stormRequests } from './requests.js';
import { Victim } from './victim.js';

const PARTS = { requests: stormRequests, deploys: stormDeploys };
const SHOWN_FAILURES = 20;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cycles: { type: 'string', default: '150' },
    deploys: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}: there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
if (!isLinux) {
  console.error('It needs Linux, whose /proc tells what is left');
  process.exit(2);
}

const machine = describeMachine();
const victims = new Set();
const reports = [];
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
  process.once(signal, async () => {
    await Promise.all([...victims].map((victim) => victim.remove()));
    print();
    process.exit(128 + number);
  });

for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  const random = createRandom(Number(flags.seed));
  const amounts = { cycles: Number(flags.cycles), deploys: Number(flags.deploys) };
  const startedAt = performance.now();
  const { table, failures, remark } = await PARTS[name]({ random, ...amounts, withVictim });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  reports.push({ table, failures, remark: `${remark}, ${seconds} s, --seed ${flags.seed}` });
}
print();
if (reports.some(({ failures }) => failures.length > 0)) process.exitCode = 1;

/** Does something with a dynosim, of which nothing is left in the end, however that goes. */
async function withVictim(work) {
  const victim = new Victim();
  victims.add(victim);
  try {
    return await work(victim);
  } finally {
    await victim.remove();
    victims.delete(victim);
  }
}

function print() {
  for (const { table, failures, remark } of reports) {
    console.log(`\n${table}\n`);
    for (const failure of failures.slice(0, SHOWN_FAILURES)) console.log(failure);
    console.log(remark);
  }
  console.log(machine);
}
