import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { countIn } from './numbers.js';

/** Nothing that is measured here takes nearly as long. */
const PATIENCE_MS = 60_000;

/** When a process that does not end on SIGINT is killed. */
const END_MS = 10_000;

/** A process that is measured, or measures: in its own process group, and read as fast as it prints. */
export class Subject {
  /** How many have been read. */
  lines = 0;
  #child;
  #exited;
  #startedAt = performance.now();
  #watch;
  #ending;
  #errors = '';

  constructor([program, ...args], options) {
    this.#child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'exit').catch((error) => {
      this.#errors = error.message;
    });
    this.#child.stdout.on('data', (chunk) => this.#read(chunk));
    this.#child.stderr.on('data', (chunk) => {
      this.#errors = `${this.#errors}${chunk}`.slice(-2000);
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /**
   * Resolves when this has been printed so often, with the ms since the start.
   * Must be called before anything can have been printed, and once only.
   */
  printed(marker, times = 1) {
    const done = new Promise((resolve) => {
      this.#watch = { marker: Buffer.from(marker), left: times, rest: Buffer.alloc(0), resolve };
    });
    return this.#unlessItFails(done, `printed ${times} × ${marker}`);
  }

  /** Resolves when it answers requests. */
  async answers(url) {
    const stop = new AbortController();
    try {
      await this.#unlessItFails(untilAnswered(url, stop.signal), `answered ${url}`);
    } finally {
      stop.abort();
    }
  }

  /** Resolves with all it has printed, once it has ended by itself. */
  async output() {
    const chunks = [];
    this.#child.stdout.on('data', (chunk) => chunks.push(chunk));
    await once(this.#child, 'close');
    if (this.#child.exitCode !== 0) throw this.#failure('failed');
    return Buffer.concat(chunks).toString();
  }

  /** From now on, reads one chunk (64 KB) of its output per interval in ms; 0: without limit. */
  readOneChunkIn(ms) {
    const { stdout } = this.#child;
    stdout.removeAllListeners('data');
    stdout.on('data', (chunk) => {
      this.#read(chunk);
      if (ms === 0) return;
      stdout.pause();
      setTimeout(() => stdout.resume(), ms);
    });
    stdout.resume();
  }

  /** Ends it as Ctrl-C at a terminal does, which its whole group gets, and then what is left of that. */
  end() {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end() {
    const { pid } = this.#child;
    if (pid === undefined) return;
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    this.#child.stdout.resume();
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      process.kill(-pid, 'SIGINT');
      await this.#exited;
    }
    clearTimeout(kill);
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }

  #read(chunk) {
    const at = performance.now();
    this.lines += countIn(chunk, '\n');
    const watch = this.#watch;
    if (!watch || watch.left <= 0) return;
    const bytes = Buffer.concat([watch.rest, chunk]);
    watch.left -= countIn(bytes, watch.marker);
    watch.rest = bytes.subarray(Math.max(0, bytes.length - watch.marker.length + 1));
    if (watch.left <= 0) watch.resolve(at - this.#startedAt);
  }

  async #unlessItFails(done, what) {
    const over = new AbortController();
    const tooLate = pause(PATIENCE_MS, undefined, over).then(() => `has not ${what}`);
    const gone = this.#exited.then(() => `ended before it ${what}`);
    const failed = Promise.race([tooLate, gone]).then((how) => Promise.reject(this.#failure(how)));
    failed.catch(() => {});
    try {
      return await Promise.race([done, failed]);
    } finally {
      over.abort();
    }
  }

  #failure(what) {
    return new Error(`${this.#child.spawnargs.join(' ')} ${what}:\n${this.#errors}`);
  }
}

async function untilAnswered(url, signal) {
  while (!signal.aborted) {
    const isUp = await fetch(url, { signal }).then(
      async (response) => (await response.text()) !== '' && response.ok,
      () => false,
    );
    if (isUp) return;
    await pause(20);
  }
}
