import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ownProcesses } from '../bench/linux.js';

export const CLI = fileURLToPath(new URL('../../bin/dynosim.js', import.meta.url));
const APP = fileURLToPath(new URL('app', import.meta.url));

/** What dynosim promises about the time after its end, SIGKILL included. */
const LAST_PROCESS_MS = 8000;

/** A built dynosim that runs the app with its own home, and its whole output. */
export class Victim {
  /** The router's log lines about failed requests, by their IDs. */
  routerErrors = new Map();
  /** How often the app did each POST, by id. */
  done = new Map();
  /** The crashes that dynosim reported, by dyno and `performance.now()`. */
  crashes = [];
  /** How often the app has been woken. */
  wakes = 0;
  url;
  /** The control API's URL. */
  api;
  folder = mkdtempSync(join(tmpdir(), 'dynosim-chaos-'));
  #child;
  #closed;
  #stderr = '';

  /** `dynosim start` with the app; resolves when it is up. */
  async startApp() {
    const app = join(this.folder, 'app');
    cpSync(APP, app, { recursive: true });
    await this.start(['start', '--dir', app, '--app', 'app', '--port', '0'], app);
    await this.untilUp();
  }

  /** Starts dynosim: the first time, or again after its end. */
  async start(args, cwd = this.folder) {
    const flags = ['--no-wake-delay', '--quota', 'never', '--log-format', 'json'];
    mkdirSync(this.tmp, { recursive: true });
    this.#child = spawn(process.execPath, [CLI, ...args, ...flags], {
      cwd,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#child.stderr.on('data', (chunk) => {
      this.#stderr = `${this.#stderr}${chunk}`.slice(-2000);
    });
    const lines = createInterface({ input: this.#child.stdout });
    const ready = once(lines, 'line');
    lines.on('line', (line) => this.#read(line));
    const [first] = await Promise.race([ready, this.#closed.then(() => this.#fail('did not start'))]);
    const { router, api } = JSON.parse(first);
    this.url = router;
    this.api = api;
  }

  /** The folder is in everybody's environment: by that any process is known that is left. */
  get env() {
    return {
      PATH: `${process.env.PATH}:${this.folder}`,
      HOME: this.folder,
      TMPDIR: this.tmp,
      XDG_STATE_HOME: this.folder,
      XDG_CACHE_HOME: join(this.folder, 'cache'),
    };
  }

  /** Where programs put temporary files. */
  get tmp() {
    return join(this.folder, 'tmp');
  }

  get token() {
    return readFileSync(join(this.folder, 'dynosim/token'), 'utf8').trim();
  }

  get pid() {
    return this.#child.pid;
  }

  /** Asks the control API. Undefined if it refuses. */
  async ask(method, path, body) {
    const answer = await fetch(this.api + path, {
      method,
      headers: { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const result = await answer.json();
    // Some answers are empty: null.
    if (answer.ok) return result ?? true;
    if (answer.status >= 500) this.#fail(`failed ${method} ${path}: ${JSON.stringify(result)}`);
    return undefined;
  }

  /** Resolves when nothing of the app starts or stops. */
  settled() {
    return this.ask('POST', '/dynosim/clock/advance', { ms: 0 });
  }

  async untilUp() {
    for (;;) {
      const dynos = await this.ask('GET', '/apps/app/dynos');
      if (dynos.every(({ state }) => state === 'up')) return;
      await pause(20);
    }
  }

  /** The processes of its app. */
  appProcesses() {
    const own = ownProcesses(this.pid).map(String);
    return this.marked().filter((pid) => !own.includes(pid));
  }

  /**
   * All processes with its folder in their environment: not its helpers, whose new titles overwrite their environments.
   */
  marked() {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isFrom(name, basename(this.folder)));
  }

  /** Ends it, and resolves with how many processes are left when none may be. */
  async end(signal) {
    const helpers = ownProcesses(this.pid).map((pid) => ({ pid, title: titleOf(pid) }));
    const count = () =>
      this.marked().length + helpers.filter(({ pid, title }) => titleOf(pid) === title).length;
    this.#child.kill(signal);
    const [status, endedBy] = await this.#closed;
    if (status !== (signal === 'SIGKILL' ? null : 0)) this.#fail(`ended with ${status ?? endedBy}`);
    const lastMoment = performance.now() + LAST_PROCESS_MS;
    while (count() > 0 && performance.now() < lastMoment) await pause(50);
    return count();
  }

  /** Kills it, whatever it does, and does not wait for its dynos. */
  async kill() {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** A request that went wrong, in a line. */
  describe({ id, method, what, startedAt, endedAt }, since = '') {
    const { line = 'no error in the log' } = this.routerErrors.get(id) ?? {};
    return `${method} ${id}: ${what} after ${Math.round(endedAt - startedAt)} ms${since}; ${line}`;
  }

  /** Leaves nothing of it, however it went. */
  async remove() {
    this.#child?.kill('SIGKILL');
    await this.#closed;
    for (const pid of this.marked()) kill(pid);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #read(text) {
    // The last line of a dynosim that was killed may not be whole.
    if (!text.endsWith('}')) return;
    const { dyno, line } = JSON.parse(text);
    if (dyno === 'router') this.#readRouter(line);
    else if (dyno === 'web.1' && line === 'Unidling') this.wakes += 1;
    else if (/^State changed from .* to crashed$/.test(line))
      this.crashes.push({ dyno, at: performance.now() });
    const [, id] = /^did (.*)$/.exec(line) ?? [];
    if (id !== undefined) this.done.set(id, (this.done.get(id) ?? 0) + 1);
  }

  #readRouter(line) {
    const [, code] = / code=(\S+)/.exec(line) ?? [];
    const [, id] = / request_id=(\S+)/.exec(line) ?? [];
    const [, dyno] = / dyno=(\S*)/.exec(line) ?? [];
    if (code !== undefined) this.routerErrors.set(id, { code, dyno, line });
  }

  #fail(how) {
    throw new Error(`dynosim ${how}:\n${this.#stderr}`);
  }
}

function isFrom(pid, marker) {
  try {
    return ['environ', 'cmdline'].some((file) =>
      readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(marker),
    );
  } catch {
    // It has ended, or belongs to another user.
    return false;
  }
}

function titleOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return undefined;
  }
}

function kill(pid) {
  try {
    process.kill(Number(pid), 'SIGKILL');
  } catch {
    // It has ended.
  }
}
