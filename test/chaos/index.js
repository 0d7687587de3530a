// Tries to make dynosim lose a request or leave a process, and prints one table.
//   npm run chaos                     about a minute
//   npm run chaos -- --cycles 5000    so many times asleep and awake again
//   npm run chaos -- --seed 7         the same choices again, though not the same moments
// It fails if a request is lost, done twice or forgotten, or if a process is left.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isLinux } from '../bench/linux.js';
import { describeMachine } from '../bench/table.js';
import { choose, DISTURBANCES } from './disturbances.js';
import { Traffic } from './traffic.js';
import { Victim } from './victim.js';

/** Each runs through its share of the cycles, and is then ended by this. */
const ENDINGS = ['SIGTERM', 'SIGINT', 'SIGKILL'];
const CLIENTS = 8;
const LONGEST_PAUSE_MS = 60;
/** Requests in progress when dynosim is ended. */
const LAST_REQUESTS = 20;
const LAST_REQUEST_MS = 500;
const SHOWN_FAILURES = 20;
/** How long after a `kill -9` the system may take to end the process, and dynosim to notice. */
const DEATH_MS = 1000;

const { values: flags } = parseArgs({
  options: {
    cycles: { type: 'string', default: '150' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e6)) },
  },
});
if (!isLinux) {
  console.error('It needs Linux, whose /proc tells what is left');
  process.exit(2);
}

const machine = describeMachine();
const random = createRandom(Number(flags.seed));
let victim;
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }))
  process.once(signal, async () => {
    await victim?.remove();
    print();
    process.exit(128 + number);
  });

const startedAt = performance.now();
const legs = [];
for (const ending of ENDINGS) {
  console.error(`until ${ending} …`);
  victim = new Victim();
  try {
    legs.push({ ending, ...(await run(Number(flags.cycles) / ENDINGS.length, ending)) });
  } finally {
    await victim.remove();
  }
}
print();
if (legs.some(({ failures, row }) => failures.length > 0 || row.twice + row.asleep + row.left > 0))
  process.exitCode = 1;

/** One dynosim, from start to end. */
async function run(cycles, ending) {
  await victim.start();
  const traffic = new Traffic(victim.url, random);
  const scene = { victim, traffic, random, kills: [], crashed: new Set() };
  const acts = Object.fromEntries(Object.keys(DISTURBANCES).map((name) => [name, 0]));
  traffic.start(CLIENTS);
  while (victim.wakes < cycles) {
    const name = choose(random);
    acts[name] += 1;
    await DISTURBANCES[name].act(scene);
    await pause(random() ** 2 * LONGEST_PAUSE_MS);
  }
  await traffic.stop();
  const asleep = await leftAsleep();
  const { left, unanswered } = await end(ending);
  const byKills = traffic.failures.map((failure) => explain(failure, scene.kills));
  const failures = traffic.failures.filter((_, index) => byKills[index] === undefined);
  const row = {
    cycles: victim.wakes,
    requests: traffic.requests,
    posts: traffic.posts,
    lost: failures.length + unanswered.length,
    cutByKills: byKills.filter((why) => why === 'cut').length,
    crashedByKills: byKills.filter((why) => why === 'crashed').length,
    twice: [...victim.done.values()].filter((times) => times > 1).length,
    asleep,
    left,
  };
  return { row, acts, failures: [...failures, ...unanswered].map((one) => describe(one, scene.kills)) };
}

/** How many processes of the app there are while it sleeps. */
async function leftAsleep() {
  await victim.settled();
  await DISTURBANCES['ps:sleep'].act({ victim, crashed: new Set() });
  await victim.settled();
  return victim.appProcesses().length;
}

/** Ends dynosim during requests. They get a response, perhaps a 503, unless dynosim was killed. */
async function end(signal) {
  const last = new Traffic(victim.url, random);
  await last.flood(1);
  const answers = last.flood(LAST_REQUESTS, LAST_REQUEST_MS);
  await pause(LAST_REQUEST_MS / 2);
  const left = await victim.end(signal);
  await answers;
  const unanswered = last.failures.filter(({ what }) => what !== 'status 503');
  return { left, unanswered: signal === 'SIGKILL' ? [] : unanswered };
}

/**
 * What a `kill -9` has to do with it:
 * - `cut`: the killed dyno had it, or took it before the system got round to ending its process;
 * - `crashed`: it was waiting at the moment when the app crashed of it;
 * - undefined: nothing.
 */
function explain({ id, startedAt, endedAt }, kills) {
  const { code, dyno } = victim.routerErrors.get(id) ?? {};
  const isThen = (kill) => {
    const crash = victim.crashes.find((one) => one.dyno === kill.dyno && one.at >= kill.at);
    const goneAt = Math.min(crash?.at ?? Number.POSITIVE_INFINITY, kill.at + DEATH_MS);
    return kill.at <= endedAt && startedAt <= goneAt;
  };
  if (code === 'H10') return kills.some(isThen) ? 'crashed' : undefined;
  if (code !== 'H13' && code !== 'H18') return undefined;
  return kills.some((kill) => kill.dyno === dyno && isThen(kill)) ? 'cut' : undefined;
}

function describe({ id, method, what, startedAt, endedAt }, kills) {
  const { line = 'no error in the log', dyno } = victim.routerErrors.get(id) ?? {};
  const kill = kills.findLast((one) => one.dyno === dyno && one.at <= endedAt);
  const sinceKill = kill ? `, ${Math.round(endedAt - kill.at)} ms after kill -9 of ${dyno}` : '';
  return `${method} ${id}: ${what} after ${Math.round(endedAt - startedAt)} ms${sinceKill}; ${line}`;
}

function print() {
  const head = {
    ending: 'until',
    cycles: 'sleeps and wakes',
    requests: 'requests',
    posts: 'POSTs',
    lost: 'lost',
    cutByKills: 'H13/H18 by kill -9',
    crashedByKills: 'H10 by it',
    twice: 'done twice',
    asleep: 'processes while asleep',
    left: 'processes left',
  };
  const rows = legs.map(({ ending, row }) => ({ ending, ...row }));
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const all = Object.fromEntries(Object.keys(head).map((key) => [key, key === 'ending' ? 'all' : sum(key)]));
  console.log(`\n${format([head, ...rows, all])}\n`);
  for (const { failures } of legs)
    for (const failure of failures.slice(0, SHOWN_FAILURES)) console.log(failure);
  const acts = Object.keys(DISTURBANCES).map(
    (name) => `${name} ${legs.reduce((total, { acts }) => total + acts[name], 0)}`,
  );
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`${acts.join(', ')}; ${CLIENTS} clients, ${seconds} s, --seed ${flags.seed}`);
  console.log(machine);
}

function format(rows) {
  const keys = Object.keys(rows[0]);
  const cells = rows.map((row) => keys.map((key) => row[key].toLocaleString('en')));
  const widths = keys.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  return cells
    .map((row) => row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))))
    .map((row) => row.join('  '))
    .join('\n');
}

/** Like `Math.random`, but the same again for the same seed: mulberry32. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
