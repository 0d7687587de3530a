// An app of `dynosim start` that sleeps and wakes, is restarted, scaled and killed, while clients ask it.
import { setTimeout as pause } from 'node:timers/promises';
import { DISTURBANCES } from './disturbances.js';
import { choose } from './random.js';
import { formatCounts, formatTable } from './table.js';
import { Traffic } from './traffic.js';

/** Each runs through its share of the cycles, and is then ended by this. */
const ENDINGS = ['SIGTERM', 'SIGINT', 'SIGKILL'];
const CLIENTS = 8;
const LONGEST_PAUSE_MS = 60;
/** Requests in progress when dynosim is ended. */
const LAST_REQUESTS = 20;
const LAST_REQUEST_MS = 500;
/** How long after a `kill -9` the system may take to end the process, and dynosim to notice. */
const DEATH_MS = 1000;

const HEAD = {
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

export async function stormRequests({ random, cycles, withVictim }) {
  const legs = [];
  for (const ending of ENDINGS) {
    console.error(`requests until ${ending} …`);
    const leg = await withVictim((victim) =>
      run({ victim, random, cycles: cycles / ENDINGS.length, ending }),
    );
    legs.push({ ending, ...leg });
  }
  const rows = legs.map(({ ending, row }) => ({ ending, ...row }));
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const all = Object.fromEntries(Object.keys(HEAD).map((key) => [key, key === 'ending' ? 'all' : sum(key)]));
  const acts = Object.keys(DISTURBANCES).map((name) => [
    name,
    legs.reduce((total, { acts }) => total + acts[name], 0),
  ]);
  return {
    table: formatTable([HEAD, ...rows, all]),
    failures: [
      ...legs.flatMap(({ failures }) => failures),
      ...['twice', 'asleep', 'left'].filter((key) => sum(key) > 0).map((key) => `${HEAD[key]}: ${sum(key)}`),
    ],
    remark: `${formatCounts(Object.fromEntries(acts))}; ${CLIENTS} clients`,
  };
}

/** One dynosim, from start to end. */
async function run({ victim, random, cycles, ending }) {
  await victim.startApp();
  const traffic = new Traffic(victim.url, random);
  const scene = { victim, traffic, random, kills: [], crashed: new Set() };
  const acts = Object.fromEntries(Object.keys(DISTURBANCES).map((name) => [name, 0]));
  traffic.start(CLIENTS);
  while (victim.wakes < cycles) {
    const name = choose(DISTURBANCES, random);
    acts[name] += 1;
    await DISTURBANCES[name].act(scene);
    await pause(random() ** 2 * LONGEST_PAUSE_MS);
  }
  await traffic.stop();
  const asleep = await leftAsleep(victim);
  const { left, unanswered } = await end(victim, random, ending);
  const byKills = traffic.failures.map((failure) => explain(victim, failure, scene.kills));
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
  return {
    row,
    acts,
    failures: [...failures, ...unanswered].map((one) => describe(victim, one, scene.kills)),
  };
}

/** How many processes of the app there are while it sleeps. */
async function leftAsleep(victim) {
  await victim.settled();
  await DISTURBANCES['ps:sleep'].act({ victim, crashed: new Set() });
  await victim.settled();
  return victim.appProcesses().length;
}

/** Ends dynosim during requests. They get a response, perhaps a 503, unless dynosim was killed. */
async function end(victim, random, signal) {
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
function explain(victim, { id, startedAt, endedAt }, kills) {
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

function describe(victim, failure, kills) {
  const { dyno } = victim.routerErrors.get(failure.id) ?? {};
  const kill = kills.findLast((one) => one.dyno === dyno && one.at <= failure.endedAt);
  const sinceKill = kill ? `, ${Math.round(failure.endedAt - kill.at)} ms after kill -9 of ${dyno}` : '';
  return victim.describe(failure, sinceKill);
}
