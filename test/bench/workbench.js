// Starts dynosim and its peers, each with a home of its own, and leaves nothing: no process, no file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countIn } from './numbers.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(REPOSITORY, 'bin/dynosim.js');

/** Nothing that is measured here takes nearly as long. */
const PATIENCE_MS = 120_000;

/** A peer that does not end by SIGINT is killed after this. */
const END_MS = 10_000;

export class Workbench {
  /** Where peers from npm are: see peers.js. */
  peers;
  #folder = mkdtempSync(join(tmpdir(), 'dynosim-bench-'));
  #subjects = new Set();
  #apps = 0;
  #isClosed = false;

  constructor(peers) {
    if (!existsSync(join(REPOSITORY, 'dist/cli/main.cjs')))
      throw new Error('dynosim is not built: npm run build');
    this.peers = peers;
  }

  /** A folder with a Procfile. Its processes must not end by themselves: for nf that is the end of all. */
  app(procfile) {
    this.#apps += 1;
    const folder = join(this.#folder, `app-${this.#apps}`);
    mkdirSync(folder);
    writeFileSync(join(folder, 'Procfile'), procfile);
    return folder;
  }

  /** A file for the processes of an app. */
  file(name, text) {
    const file = join(this.#folder, name);
    writeFileSync(file, text);
    return file;
  }

  dynosim(app, ...args) {
    return this.node([CLI, 'start', '--port', '0', ...args], app);
  }

  /** node-foreman */
  nf(app) {
    return this.node([this.peers.script('foreman', 'nf.js'), 'start'], app);
  }

  concurrently(app, commands) {
    return this.node([this.peers.script('concurrently', 'dist/bin/concurrently.js'), ...commands], app);
  }

  /** Runs a script in a folder. Ends it, when the bench ends, should it still run. */
  node(args, cwd = this.#folder) {
    if (this.#isClosed) throw new Error('The bench is closed');
    const subject = new Subject(args, { cwd, env: this.#env() });
    this.#subjects.add(subject);
    return subject;
  }

  async close() {
    this.#isClosed = true;
    for (const subject of this.#subjects) await subject.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The same small environment for everybody; nothing of the user's home is read or written. */
  #env() {
    const home = join(this.#folder, 'home');
    mkdirSync(home, { recursive: true });
    return {
      PATH: process.env.PATH,
      LANG: 'C.UTF-8',
      HOME: home,
      TMPDIR: this.#folder,
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_STATE_HOME: join(home, 'state'),
    };
  }
}

/** One process that is measured, in a process group of its own. */
class Subject {
  lines = 0;
  stdout = '';
  #child;
  #exited;
  #startedAt = performance.now();
  #watch;
  #ending;
  #errors = '';

  constructor(args, options) {
    this.#child = spawn(process.execPath, args, {
      ...options,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#exited = once(this.#child, 'exit');
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
  async printed(marker, times = 1) {
    const { promise, resolve } = withResolvers();
    this.#watch = { marker: Buffer.from(marker), left: times, rest: Buffer.alloc(0), resolve };
    let timer;
    const tooLate = new Promise((_, reject) => {
      timer = setTimeout(() => reject(this.#failure(`has not printed ${times} × ${marker}`)), PATIENCE_MS);
    });
    const gone = this.#exited.then(() => Promise.reject(this.#failure(`ended before it printed ${marker}`)));
    gone.catch(() => {});
    try {
      return await Promise.race([promise, tooLate, gone]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves with all it has printed, once it has ended. */
  async output() {
    this.stdout = '';
    this.#child.stdout.on('data', (chunk) => {
      this.stdout += chunk;
    });
    await once(this.#child, 'close');
    return this.stdout;
  }

  /** Reads one chunk (64 KB) of its output in so many ms; 0: as fast as it comes. */
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

  /** Ends it as Ctrl-C does, which is what all peers understand, and then what it has left of its group. */
  end() {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end() {
    const { pid } = this.#child;
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    this.#child.stdout.resume();
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGINT');
    await this.#exited;
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

  #failure(what) {
    return new Error(`${this.#child.spawnargs.join(' ')} ${what}:\n${this.#errors}`);
  }
}

/** Promise.withResolvers, which Node 20 has not. */
function withResolvers() {
  let resolve;
  const promise = new Promise((r) => {
    resolve = r;
  });
  return { promise, resolve };
}
