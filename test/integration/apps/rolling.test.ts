import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { App } from '../../../src/apps/app.js';
import type { Host } from '../../../src/host/host.js';
import { addTestApp, logged, startTestHost } from '../../helpers/start-host.js';

/** Ends gracefully: it finishes the responses it has begun, as Heroku requires of every app. */
const WELL_BEHAVED = `
  const server = require('node:http')
    .createServer((req, res) => setTimeout(() => res.end(process.env.COLOR), Math.random() * 20))
    .listen(process.env.PORT);
  process.on('SIGTERM', () => server.close(() => process.exit(0)));`;

/** Refuses to start while another run of it is there, which the first run is until that has happened. */
const ONLY_ONE = `
  const fs = require('node:fs');
  try {
    fs.writeFileSync('app.pid', '', { flag: 'wx' });
  } catch (error) {
    fs.writeFileSync('refused', '');
    throw error;
  }
  const server = require('node:http')
    .createServer((req, res) => setTimeout(() => res.end(process.env.COLOR), Math.random() * 20))
    .listen(process.env.PORT);
  const end = () => {
    if (!fs.existsSync('refused')) return setTimeout(end, 5);
    server.close(() => fs.rmSync('app.pid'));
    server.closeIdleConnections();
  };
  process.on('SIGTERM', end);`;

const CLIENTS = 8;

/**
 * Asks again and again while something is done, and once more after it. Returns the answers that came, and the router's word on each that was
 * an error.
 */
async function underLoad({ host, app }: { host: Host; app: App }, action: () => Promise<void>) {
  const answers = new Set<string>();
  const errors: string[] = [];
  app.logs.subscribe(({ dyno, line }) => {
    if (dyno === 'router' && !line.startsWith('at=info')) errors.push(line);
  });
  let isOver = false;
  const client = async (): Promise<void> => {
    for (let isLast = false; !isLast; ) {
      isLast = isOver;
      const response = await fetch(host.url, { method: 'POST', body: 'some' }).catch((error) => error);
      const answer = response instanceof Error ? 'failed' : `${response.status} ${await response.text()}`;
      answers.add(answer.split('\n')[0] ?? '');
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  await action();
  isOver = true;
  await Promise.all(clients);
  return { answers: [...answers], errors };
}

async function startPainter(formation: number, program = WELL_BEHAVED) {
  const host = await startTestHost();
  const app = await addTestApp(host, 'demo', {
    'web.js': program,
    Procfile: 'web: exec node web.js\n',
    '.env': 'COLOR=red\n',
  });
  if (formation !== 1) app.dynos.scale([{ type: 'web', quantity: { to: formation } }]);
  await app.supervisor.settled();
  return { host, app };
}

/** Something is done to the app several times while requests come in. */
test.each<[string, number, (app: App, round: number) => unknown]>([
  ['restarting a single dyno', 1, (app) => app.dynos.restart({ kind: 'all' })],
  ['restarting one of two dynos', 2, (app) => app.dynos.restart({ kind: 'dyno', name: 'web.2' })],
  ['stopping a dyno', 1, (app) => app.dynos.stopSome({ kind: 'dyno', name: 'web.1' })],
  ['replacing the dynos', 1, (app) => app.dynos.replace()],
])('%s loses no request', async (_what, quantity, action) => {
  const { host, app } = await startPainter(quantity);
  const seen = await underLoad({ host, app }, async () => {
    for (let round = 0; round < 4; round += 1) {
      await action(app, round);
      await app.supervisor.settled();
    }
  });
  expect(seen).toEqual({ answers: ['200 red'], errors: [] });
});

test.each<[string, (app: App, round: number) => unknown]>([
  ['restarting', (app) => app.dynos.restart({ kind: 'all' })],
  ['replacing', (app) => app.dynos.replace()],
  ['a config change of', (app, round) => app.releases.updateConfigVars(new Map([['ROUND', `${round}`]]))],
])('%s an app of which only one can run loses no request', async (_what, action) => {
  const { host, app } = await startPainter(1, ONLY_ONE);
  const runs = new Set(app.dynos.views().map(({ id }) => id));
  const seen = await underLoad({ host, app }, async () => {
    for (let round = 0; round < 3; round += 1) {
      await action(app, round);
      await app.supervisor.settled();
      for (const { id } of app.dynos.views()) runs.add(id);
    }
  });
  expect(seen).toEqual({ answers: ['200 red'], errors: [] });
  expect(runs.size).toBe(4);
});

test('a config change loses no request', async () => {
  const { host, app } = await startPainter(2);
  const seen = await underLoad({ host, app }, async () => {
    await app.releases.updateConfigVars(new Map([['COLOR', 'blue']]));
    await app.supervisor.settled();
  });
  expect(seen).toEqual({ answers: ['200 red', '200 blue'], errors: [] });
});

test('scaling up and down loses no request', async () => {
  const { host, app } = await startPainter(1);
  const seen = await underLoad({ host, app }, async () => {
    for (const value of [4, 1, 3, 2, 1]) {
      app.dynos.scale([{ type: 'web', quantity: { to: value } }]);
      await app.supervisor.settled();
    }
  });
  expect(seen).toEqual({ answers: ['200 red'], errors: [] });
});

test('a dyno that restarts as soon as it listens still ends as it wants to', async () => {
  const host = await startTestHost();
  const app = await addTestApp(host, 'demo', {
    'web.js': `
      require('node:http').createServer().listen(process.env.PORT);
      while (!require('node:fs').existsSync('handle'));
      process.on('SIGTERM', () => process.exit(7));`,
    Procfile: 'web: exec node web.js\n',
  });
  await app.supervisor.settled();
  const isUpAgain = new Promise<void>((resolve) => {
    app.logs.subscribe(({ line }) => {
      if (line === 'State changed from starting to up') resolve();
    });
  });
  app.dynos.restart({ kind: 'all' });
  // A SIGTERM sent before the new run was started has arrived by then.
  await isUpAgain;
  writeFileSync(join(app.dir, 'handle'), '');
  expect(await logged(app, /^Process exited/)).toBe('Process exited with status 7');
});
