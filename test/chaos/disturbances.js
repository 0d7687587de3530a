import { setTimeout as pause } from 'node:timers/promises';

const HALF_AN_HOUR_MS = 31 * 60_000;
/** An app with requests in progress does not sleep: sooner or later there is a gap between them. */
const TRIES = 2000;

/**
 * What may happen to the app at any moment, and how often beside the others.
 * @typedef {{ victim: import('./victim.js').Victim, traffic: import('./traffic.js').Traffic, random: () => number,
 * kills: Kill[], crashed: Set<string> }} Scene
 * @typedef {{ dyno: string, at: number }} Kill `at` by `performance.now()`
 */
export const DISTURBANCES = {
  'ps:sleep': { weight: 60, act: sleep },
  'clock:advance': { weight: 15, act: advance },
  'ps:restart': { weight: 6, act: restart },
  'ps:scale': { weight: 8, act: scale },
  'config:set': { weight: 3, act: setConfig },
  'kill -9': { weight: 5, act: kill },
  flood: { weight: 3, act: ({ traffic }) => traffic.flood(100) },
};

async function sleep({ victim, crashed }) {
  crashed.clear();
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await victim.ask('POST', '/dynosim/apps/app/sleep')) return;
    await pause(1);
  }
}

async function advance({ victim }) {
  const before = victim.wakes;
  for (let tries = 0; tries < TRIES && victim.wakes === before; tries += 1)
    await victim.ask('POST', '/dynosim/clock/advance', { ms: HALF_AN_HOUR_MS });
}

function scale({ victim, random }) {
  const quantity = 1 + Math.floor(random() * 4);
  return victim.ask('PATCH', '/apps/app/formation', { updates: [{ type: 'web', quantity }] });
}

function restart({ victim, crashed }) {
  crashed.clear();
  return victim.ask('DELETE', '/apps/app/dynos');
}

function setConfig({ victim, random, crashed }) {
  crashed.clear();
  return victim.ask('PATCH', '/apps/app/config-vars', { CHAOS: String(random()) });
}

/**
 * A dyno that crashes a second time in a row stays down for 20 minutes, and its requests get an H10: once is enough.
 */
async function kill({ victim, random, kills, crashed }) {
  const dynos = await victim.ask('GET', '/apps/app/dynos');
  const candidates = dynos.filter(
    ({ type, state, name }) => type === 'web' && state === 'up' && !crashed.has(name),
  );
  const one = candidates[Math.floor(random() * candidates.length)];
  if (!one) return;
  crashed.add(one.name);
  kills.push({ dyno: one.name, at: performance.now() });
  process.kill(one.dynosim.pid, 'SIGKILL');
}
