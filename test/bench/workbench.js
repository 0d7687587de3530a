import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Subject } from './subject.js';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));
const CLI = join(REPOSITORY, 'bin/dynosim.js');
const HTTP_PROXY_3 = fileURLToPath(new URL('http-proxy-3.js', import.meta.url));

/** Starts dynosim and its peers with a home of their own, and leaves nothing: no process, no file. */
export class Workbench {
  /** Where peers from npm are: see peers.js. */
  peers;
  #folder = mkdtempSync(join(tmpdir(), 'dynosim-bench-'));
  #subjects = new Set();
  #isClosed = false;

  constructor(peers) {
    this.peers = peers;
  }

  /** A folder with a Procfile. Its processes must not end by themselves: for nf that is the end of all. */
  app(procfile) {
    return this.folder({ Procfile: procfile });
  }

  /** A new folder with these files in it: name => text. */
  folder(files) {
    const folder = mkdtempSync(join(this.#folder, 'folder-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }

  /** @param {{ port?: number, log?: string, flags?: readonly string[] }} options log: a file for its log, as with nginx */
  dynosim(app, { port = 0, log, flags = [] } = {}) {
    const command = [process.execPath, CLI, 'start', '--port', String(port), ...flags];
    return this.run(log === undefined ? command : ['sh', '-c', 'exec "$@" >"$0"', log, ...command], app);
  }

  /** `dynosim host` with these flags. */
  dynosimHost(flags) {
    return this.node([CLI, 'host', ...flags]);
  }

  /** What programs need to talk to the control API. */
  get tokenFile() {
    return join(this.env.XDG_STATE_HOME, 'dynosim/token');
  }

  /** A command for a running app: `command(app, 'ps')`. */
  command(app, ...args) {
    return this.node([CLI, ...args], app);
  }

  /** What a program needs to talk to the control API of a running app. */
  async access(app) {
    const { app: name, api } = JSON.parse(await this.command(app, 'info', '--json').output());
    const token = readFileSync(this.tokenFile, 'utf8').trim();
    return { name, api, token };
  }

  /** node-foreman */
  nf(app) {
    return this.node([this.peers.script('foreman', 'nf.js'), 'start'], app);
  }

  concurrently(app, commands) {
    return this.node([this.peers.script('concurrently', 'dist/bin/concurrently.js'), ...commands], app);
  }

  nginx(config) {
    const folder = this.folder({ 'nginx.conf': config });
    return this.run(['nginx', '-p', '.', '-c', 'nginx.conf'], folder);
  }

  httpProxy3(port, backendPort) {
    return this.node([HTTP_PROXY_3, this.peers.folder, String(port), String(backendPort)]);
  }

  node(args, cwd) {
    return this.run([process.execPath, ...args], cwd);
  }

  /** Runs a command in a folder. Ends it when the bench ends, should it still run. */
  run(command, cwd = this.#folder) {
    if (this.#isClosed) throw new Error('The bench is closed');
    const subject = new Subject(command, { cwd, env: this.env });
    this.#subjects.add(subject);
    return subject;
  }

  async close() {
    this.#isClosed = true;
    await Promise.all([...this.#subjects].map((subject) => subject.end()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The same small environment for all; nothing in the user's home is read or written. */
  get env() {
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
