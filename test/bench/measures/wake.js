import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { bootBare } from '../boot.js';
import { cpuMs, isLinux, ownProcesses } from '../linux.js';
import { interleaved, median } from '../numbers.js';
import { firstByte, freePort } from '../ports.js';
import { limit } from '../table.js';

const ROUNDS = 15;
const HELD = 150;
/** How much a wake may add to the app's boot, for any number of waiting requests. */
const MOST_ADDED_MS = 30;
const SETTLE_MS = 2000;
const WATCH_MS = 10_000;

export const COMMAND = 'exec node server.js';
export const FILES = {
  Procfile: `web: ${COMMAND}\n`,
  'server.js': "require('http').createServer((_, res) => res.end('hello')).listen(process.env.PORT)",
  '.dynosimrc': '--no-wake-delay\n',
};

export const title = `a wake by one request and by ${HELD} beside the app's own boot, and what an app costs asleep`;

export async function measure(bench) {
  if (!isLinux) return [];
  const folder = bench.folder(FILES);
  const app = await SleepyApp.start(bench, folder);
  try {
    const times = await interleaved(ROUNDS, {
      wake: () => app.wake(1),
      awake: () => app.answerAfterWake(HELD),
      held: () => app.wake(HELD),
      boot: () => bootBare(bench, folder, COMMAND),
    });
    const [wake, boot] = [median(times.wake), median(times.boot)];
    const [held, awake, bestBoot] = [times.held, times.awake, times.boot].map((all) => Math.min(...all));
    const asleep = await app.costAsleep();
    const added = (measure, value, name, than) =>
      limit({ measure, value, peer: { name, value: than }, unit: 'ms', digits: 1 }, MOST_ADDED_MS);
    return [
      added("wake beside the app's boot, median", wake - boot, 'boot', boot),
      added(`  of ${HELD}, beside boot and answers`, held - bestBoot - awake, 'both', bestBoot + awake),
      limit({ measure: '  asleep, CPU', value: asleep.cpu, unit: '% of a core', digits: 3 }, 0.5),
      limit({ measure: '  asleep, processes of the app', value: asleep.processes }, 1),
    ];
  } finally {
    await app.end();
  }
}

/** An app under dynosim that can be put to sleep. */
export class SleepyApp {
  #bench;
  #folder;
  #subject;
  #url;

  static async start(bench, folder) {
    const app = new SleepyApp();
    app.#bench = bench;
    app.#folder = folder;
    app.#subject = bench.dynosim(folder, { port: await freePort() });
    await app.#subject.printed('State changed from starting to up');
    app.#url = JSON.parse(await app.#type('info', '--json')).router;
    return app;
  }

  end() {
    return this.#subject.end();
  }

  /** How long simultaneous requests to a sleeping app wait, in ms. */
  async wake(requests) {
    await this.#sleep();
    return this.answer(requests);
  }

  /** How long simultaneous requests just after a wake wait, in ms: new processes are the slowest. */
  async answerAfterWake(requests) {
    await this.wake(1);
    return this.answer(requests);
  }

  /** The time until all of the simultaneous requests have the first byte of their responses, in ms. */
  async answer(requests) {
    const startedAt = performance.now();
    const firstBytes = await Promise.all(Array.from({ length: requests }, () => firstByte(this.#url)));
    return Math.max(...firstBytes) - startedAt;
  }

  async costAsleep() {
    await this.#sleep();
    await pause(SETTLE_MS);
    const own = ownProcesses(this.#subject.pid);
    const before = cpuMs(own);
    await pause(WATCH_MS);
    return { cpu: ((cpuMs(own) - before) / WATCH_MS) * 100, processes: this.#processes().length };
  }

  /** Resolves when it sleeps and its last process has ended. */
  async #sleep() {
    await this.#type('ps:sleep');
    while (this.#processes().length > 0) await pause(5);
  }

  /** The processes that run in its folder, except dynosim itself. */
  #processes() {
    const own = ownProcesses(this.#subject.pid).map(String);
    return readdirSync('/proc').filter((name) => folderOf(name) === this.#folder && !own.includes(name));
  }

  #type(...args) {
    return this.#bench.command(this.#folder, ...args).output();
  }
}

function folderOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    // Not a process, or one that has ended.
    return undefined;
  }
}
