import { setTimeout as pause } from 'node:timers/promises';
import { CLI } from './victim.js';

/** A push takes about as long: whatever interrupts it comes at any moment of it. */
const PUSH_MS = 1500;

/**
 * What may be done to the app and its host, and how often beside the others. Each resolves with what was acknowledged:
 * see `PushedApp.after`.
 */
export const ACTS = {
  'git push': { weight: 20, act: push },
  deploy: { weight: 8, act: deploy },
  rollback: { weight: 8, act: rollback },
  'config:set': { weight: 8, act: setConfig },
  'a broken push': { weight: 4, act: pushBroken },
  'Ctrl-C of a push': { weight: 8, act: interrupt },
  'two pushes at once': { weight: 8, act: pushTwice },
  'config:set during a push': { weight: 6, act: pushAndSet },
  'kill -9 of receive-pack': { weight: 8, act: killGit },
  'kill -9 of a build': { weight: 8, act: killBuild },
  'kill -9 of the host during a push': { weight: 10, act: killHost },
  'kill -9 of the host during config:set': { weight: 4, act: killHostWhileSetting },
};

async function push(app) {
  const [clone] = app.clones;
  const code = app.newCode();
  await clone.commit(code);
  const { status, text } = await clone.push().ended;
  return { did: status === 0, code, pushed: code, ...(status !== 0 && { fault: `failed:\n${text}` }) };
}

async function pushBroken(app) {
  const [clone] = app.clones;
  await clone.commit(app.newCode('broken'));
  const { status, text } = await clone.push().ended;
  return { did: false, ...(status === 0 && { fault: `succeeded:\n${text}` }) };
}

async function deploy(app) {
  const [, clone] = app.clones;
  const code = app.newCode();
  clone.write(code);
  const { status, text } = await clone.start(process.execPath, CLI, 'deploy', '-a', app.name).ended;
  return { did: status === 0, code, ...(status !== 0 && { fault: `failed:\n${text}` }) };
}

/** To any release that is known and still has its slug. */
async function rollback(app) {
  const releases = await app.victim.ask('GET', `/apps/${app.name}/releases`);
  const candidates = releases.filter(
    ({ version, eligible_for_rollback, current }) =>
      eligible_for_rollback && !current && app.releases.has(version),
  );
  const release = candidates[Math.floor(app.random() * candidates.length)];
  if (!release) return { did: false };
  const done = await app.victim.ask('POST', `/apps/${app.name}/releases`, { release: release.id });
  const { code, config } = app.releases.get(release.version);
  return { did: done !== undefined, code, config };
}

async function setConfig(app) {
  const config = app.newConfig();
  const done = await ask(app, config);
  return { did: done, config, ...(!done && { fault: 'was refused' }) };
}

/** As on Heroku, the build goes on, if the push was received. */
async function interrupt(app) {
  const [clone] = app.clones;
  const code = app.newCode();
  await clone.commit(code);
  const pushing = clone.push();
  await pause(app.random() * PUSH_MS);
  pushing.kill('SIGINT');
  const { status } = await pushing.ended;
  return { did: status === 0, code, pushed: code };
}

/** Of two people who push at once, one wins. */
async function pushTwice(app) {
  const codes = app.clones.map(() => app.newCode());
  await Promise.all(app.clones.map((clone, index) => clone.commit(codes[index])));
  const ends = await Promise.all(app.clones.map((clone) => clone.push().ended));
  const winners = codes.filter((_, index) => ends[index].status === 0);
  if (winners.length === 1) return { did: true, code: winners[0], pushed: winners[0] };
  return { did: false, fault: `${winners.length} won:\n${ends.map(({ text }) => text).join('\n')}` };
}

async function pushAndSet(app) {
  const [clone] = app.clones;
  const code = app.newCode();
  const config = app.newConfig();
  await clone.commit(code);
  const pushing = clone.push();
  await pause(app.random() * PUSH_MS);
  const done = await ask(app, config);
  const { status, text } = await pushing.ended;
  const fault = !done ? 'config:set was refused' : status !== 0 ? `the push failed:\n${text}` : undefined;
  return { did: fault === undefined, code, pushed: code, config, fault };
}

/** Whoever pushes is told that it failed, but what was built by then may run. */
async function killGit(app) {
  const { code, pushing } = await pushUntil(app, () => app.gits());
  const { status } = await pushing.ended;
  return { did: status === 0, code, pushed: code };
}

async function killBuild(app) {
  const { code, pushing } = await pushUntil(app, () => app.builders());
  const { status } = await pushing.ended;
  return { did: status === 0, code, pushed: code };
}

async function killHost(app) {
  const [clone] = app.clones;
  const code = app.newCode();
  await clone.commit(code);
  const pushing = clone.push();
  await pause(app.random() * PUSH_MS);
  await app.restartHost();
  const { status } = await pushing.ended;
  return { did: status === 0, code, pushed: code };
}

async function killHostWhileSetting(app) {
  const config = app.newConfig();
  const setting = ask(app, config);
  await pause(app.random() * 30);
  await app.restartHost();
  // It is answered before its release command runs.
  return { did: false, config, isSet: await setting };
}

/** Pushes, and kills one of these processes some time after there are any. */
async function pushUntil(app, processes) {
  const [clone] = app.clones;
  const code = app.newCode();
  await clone.commit(code);
  const pushing = clone.push();
  let isOver = false;
  void pushing.ended.then(() => {
    isOver = true;
  });
  while (!isOver && processes().length === 0) await pause(5);
  await pause((app.random() * PUSH_MS) / 2);
  for (const pid of processes()) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
  return { code, pushing };
}

/** @returns whether it was acknowledged */
async function ask(app, config) {
  try {
    const done = await app.victim.ask('PATCH', `/apps/${app.name}/config-vars`, { CHAOS: config });
    return done !== undefined;
  } catch {
    // The host was killed.
    return false;
  }
}
