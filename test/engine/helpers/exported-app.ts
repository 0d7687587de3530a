import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Engine } from '../../../src/export/app.js';
import { BIN, EXAMPLES } from '../../helpers/dynosim.js';
import { command } from './command.js';
import { useWheels } from './examples.js';
import { ADDRESSES, type Machines, type Node } from './machines.js';

/** The port of web. */
const PORT = 8080;

/** An engine does what it is asked some time later. */
const PATIENCE = { timeout: 90_000, interval: 100 };

/** The sections of the export's README. */
const COMPOSE = /^On one machine/;
const SWARM = /^On several machines/;
const KUBERNETES = /^Deploy/;

/** How web is reached: at a port of the machine that runs it, or only from containers beside it. */
type Reached = 'by its machine' | 'by containers';

interface Container {
  readonly node: Node;
  readonly id: string;
}

/** A copy of an example, which is exported, and deployed as a stack of its name. */
export class ExportedApp {
  readonly folder: string;
  readonly name: string;
  readonly #machines: Machines;
  /** Other tests may have run the same example. In seconds. */
  readonly #since = String(Date.now() / 1000);
  #isUp = false;

  constructor(machines: Machines, example: string, files: Readonly<Record<string, string>> = {}) {
    this.#machines = machines;
    this.name = example;
    this.folder = join(mkdtempSync(join(machines.folder, 'app-')), example);
    cpSync(join(EXAMPLES, example), this.folder, { recursive: true });
    useWheels(this.folder);
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  /** Writes the files with the built command line. */
  async export(engine: Engine = 'compose', flags: readonly string[] = []): Promise<void> {
    await command(process.execPath, [BIN, 'export', engine, '--dir', this.folder, ...flags]);
  }

  /** Builds the image by the command in the export's README. */
  build(engine: Engine = 'compose'): Promise<void> {
    const section = engine === 'compose' ? SWARM : KUBERNETES;
    return this.#run(section, (line) => line.startsWith('docker build '), engine);
  }

  /** Runs the release command as the README says. */
  release(): Promise<void> {
    return this.#run(SWARM, (line) => line.startsWith('docker run --rm --init'));
  }

  /** Chooses the machine of the volumes as the README says. */
  chooseNode(): Promise<void> {
    return this.#run(SWARM, (line) => line.startsWith('docker node update '));
  }

  /**
   * Deploys the stack by the command in the README, but with a file that leaves out what a kernel without IPVS cannot do:
   * it has neither virtual addresses of services nor Swarm's routing mesh.
   */
  async deploy(reached: Reached = 'by its machine'): Promise<void> {
    const compose: Compose = parse(this.#read('compose.yaml'));
    for (const service of Object.values(compose.services)) {
      service.deploy = { ...service.deploy, endpoint_mode: 'dnsrr' };
      if (reached === 'by containers') delete service.ports;
      for (const port of service.ports ?? []) port.mode = 'host';
    }
    writeFileSync(join(this.folder, 'deploy', 'compose', 'stack.yaml'), stringify(compose));
    this.#isUp = true;
    await this.#run(SWARM, (line) => line.startsWith('docker stack deploy '));
  }

  /** Runs a command of the README's section on `docker compose`, which is on the first machine. */
  compose(subcommand: string): Promise<void> {
    return this.#run(COMPOSE, (line) => line.includes(` ${subcommand}`));
  }

  /** Runs the line of a section of the README that matches, without the others of its chain; there must be one. */
  async #run(title: RegExp, matches: (line: string) => boolean, engine: Engine = 'compose'): Promise<void> {
    const section =
      this.#read('README.md', engine)
        .split(/^## /m)
        .find((text) => title.test(text)) ?? '';
    const blocks = section.matchAll(/^```sh\n(.*?)^```$/gms);
    const lines = [...blocks]
      .flatMap(([, text = '']) => text.trimEnd().split(/(?: && \\)?\n/))
      .filter(matches);
    expect(lines).toHaveLength(1);
    await this.#machines.runLines(lines, this.folder);
  }

  /**
   * What web answers on the machine where it runs, once it does.
   * @param args curl's; without any, it is a `GET /`
   */
  ask(path = '/', args: readonly string[] = []): Promise<string> {
    const curl = (address: string) => {
      const url = `http://${address}:${PORT}${path}`;
      return this.#machines.inNetwork('curl', ['--silent', '--fail', ...args, url]);
    };
    return vi.waitFor(() => Promise.any(Object.values(ADDRESSES).map(curl)), PATIENCE);
  }

  /** Sets the number of containers of process types, and waits until they run. */
  async scale(quantities: Readonly<Record<string, number>>): Promise<void> {
    const changes = Object.entries(quantities).map(([type, quantity]) => `${this.name}_${type}=${quantity}`);
    await this.#machines.docker(['service', 'scale', '--detach', ...changes]);
    for (const [type, quantity] of Object.entries(quantities)) await this.settled(type, quantity);
  }

  /** Restarts services, and waits until they are up again. */
  async restart(names: RegExp): Promise<void> {
    for (const name of await this.#services(names))
      await this.#machines.docker(['service', 'update', '--force', '--quiet', `${this.name}_${name}`]);
  }

  /** Waits until the services have a container each that is healthy. */
  async areUp(names: RegExp): Promise<void> {
    for (const name of await this.#services(names)) await this.settled(name, 1);
  }

  async #services(names: RegExp): Promise<string[]> {
    const filter = `label=com.docker.stack.namespace=${this.name}`;
    const list = await this.#machines.docker(['service', 'ls', '--filter', filter, '--format', '{{.Name}}']);
    const all = list.split('\n').map((name) => name.slice(this.name.length + 1));
    const found = all.filter((name) => names.test(name));
    expect(found).not.toEqual([]);
    return found;
  }

  /** Waits until as many containers of a process type run, and are healthy if they have a health check. */
  async settled(type: string, quantity: number): Promise<readonly Container[]> {
    return vi.waitFor(async () => {
      const containers = await this.containers(type);
      expect(containers).toHaveLength(quantity);
      return containers;
    }, PATIENCE);
  }

  /** The variables of a container: config vars and others. */
  async env({ node, id }: Container): Promise<readonly string[]> {
    return (await this.#machines.docker(['exec', id, 'cat', '/proc/1/environ'], { node })).split('\0');
  }

  /** The running containers of a process type, without those that are not healthy yet. */
  async containers(type: string): Promise<readonly Container[]> {
    const label = `com.docker.swarm.service.name=${this.name}_${type}`;
    const all = this.#machines.alive.map(async (node) => {
      const lines = await this.#list(node, label, '{{.ID}} {{.Status}}');
      const ready = lines.filter((line) => !/\((?:health: starting|unhealthy)\)/.test(line));
      return ready.map((line) => ({ node, id: line.split(' ')[0] ?? '' }));
    });
    return (await Promise.all(all)).flat();
  }

  /** Removes the stack if it is up, and waits for the end of its containers. */
  async down(): Promise<void> {
    if (!this.#isUp) return;
    this.#isUp = false;
    await this.#machines.docker(['stack', 'rm', this.name]);
    const label = `com.docker.stack.namespace=${this.name}`;
    const all = () => Promise.all(this.#machines.alive.map((node) => this.#list(node, label, '{{.Names}}')));
    await vi.waitFor(async () => expect((await all()).flat()).toEqual([]), PATIENCE);
  }

  /** Waits until the latest exit statuses are these, by process type. */
  async ended(exits: Readonly<Record<string, number>>): Promise<void> {
    await vi.waitFor(async () => expect(await this.#exits()).toMatchObject(exits), PATIENCE);
  }

  async #exits(): Promise<Readonly<Record<string, number>>> {
    const times = ['--since', this.#since, '--until', '0s'];
    const args = ['events', ...times, '--filter', 'event=die', '--format', '{{json .Actor.Attributes}}'];
    const all = this.#machines.alive.map((node) => this.#machines.docker(args, { node }));
    const lines = (await Promise.all(all)).flatMap((text) => text.split('\n').filter(Boolean));
    const exits = lines.flatMap((line) => {
      const attributes: Readonly<Record<string, string>> = JSON.parse(line);
      const service =
        attributes['com.docker.swarm.service.name'] ??
        `${attributes['com.docker.compose.project']}_${attributes['com.docker.compose.service']}`;
      const [stack, type] = service.split('_');
      return stack === this.name ? [[type, Number(attributes.exitCode)]] : [];
    });
    return Object.fromEntries(exits);
  }

  async #list(node: Node, label: string, format: string): Promise<string[]> {
    const args = ['ps', '--filter', `label=${label}`, '--format', format];
    return (await this.#machines.docker(args, { node })).split('\n').filter(Boolean);
  }

  #read(file: string, engine: Engine = 'compose'): string {
    return readFileSync(join(this.folder, 'deploy', engine, file), 'utf8');
  }
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}

interface Service {
  readonly image: string;
  deploy: Readonly<Record<string, unknown>>;
  ports?: { mode: string }[];
}
