import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './ports.js';

/** A `dynosim host`, steered by its API. */
export class BenchHost {
  port;
  apiPort;
  #bench;
  #subject;

  /** @param {string} state its state folder: what is in there runs again */
  static async start(bench, state) {
    const host = new BenchHost();
    host.#bench = bench;
    host.port = await freePort();
    host.apiPort = await freePort();
    const ports = ['--port', String(host.port), '--api-port', String(host.apiPort)];
    host.#subject = bench.dynosimHost([
      ...ports,
      '--state',
      state,
      '--no-wake-delay',
      '--log-format',
      'json',
    ]);
    await host.#subject.printed('"event":"ready"');
    return host;
  }

  get pid() {
    return this.#subject.pid;
  }

  end() {
    return this.#subject.end();
  }

  /** @param {string} buildpack `none`, or the URL of a folder */
  async create(name, buildpack) {
    await this.ask('POST', '/apps', { name });
    if (buildpack)
      await this.ask('PUT', `/apps/${name}/buildpack-installations`, { updates: [{ buildpack }] });
  }

  /** Where to push to. */
  gitUrl(name) {
    return `http://x:${this.#token}@127.0.0.1:${this.apiPort}/${name}.git`;
  }

  /** Deploys a folder; resolves when it is released. */
  async deploy(name, dir) {
    const { id } = await this.ask('POST', `/dynosim/apps/${name}/deploy`, { dir });
    for (;;) {
      const { status } = await this.ask('GET', `/apps/${name}/builds/${id}`);
      if (status === 'succeeded') return;
      if (status === 'failed') throw new Error(`${name} could not be built`);
      await pause(50);
    }
  }

  /** Resolves when nothing starts or stops. */
  async sleep(name) {
    await this.#settled();
    await this.ask('POST', `/dynosim/apps/${name}/sleep`, {});
    await this.#settled();
  }

  #settled() {
    return this.ask('POST', '/dynosim/clock/advance', { ms: 0 });
  }

  async ask(method, path, body) {
    const answer = await fetch(`http://127.0.0.1:${this.apiPort}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  get #token() {
    return readFileSync(this.#bench.tokenFile, 'utf8').trim();
  }
}
