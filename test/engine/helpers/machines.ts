import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { command } from './command.js';

/** Debian's client, which fits Debian's engine. */
const DOCKER = '/usr/bin/docker';

/** An engine is up within a second, on a machine with other work within a few. */
const ENGINE_MS = 30_000;

/** The scripts that make the machines. */
export const SCRIPTS = fileURLToPath(new URL('../machines', import.meta.url));

/** The image on which all others are built. */
export const BASE = 'dynosim-base';

export const NODES = ['node1', 'node2'] as const;

export type Node = (typeof NODES)[number];

export const ADDRESSES: Readonly<Record<Node, string>> = { node1: '10.77.0.1', node2: '10.77.0.2' };

/** Where the machines find a proxy to the registries: the suite's address in their network. */
export const PROXY = { address: '10.77.0.254', port: 3128 };

/** What another process needs to use the machines. */
export interface MachinesData {
  /** Their files. */
  readonly folder: string;
  /** The first process in their namespaces. */
  readonly first: number;
}

/** Two machines of this suite's own, with an engine each; `node1` manages the swarm of both. */
export class Machines {
  readonly folder: string;
  readonly #first: number;

  constructor({ folder, first }: MachinesData) {
    this.folder = folder;
    this.#first = first;
  }

  /** Runs a command of docker's on the manager, or another node. Returns what it prints, without the final newline. */
  async docker(args: readonly string[], { node = 'node1', cwd = '/' }: DockerOptions = {}): Promise<string> {
    const env = this.engine(node);
    return (await command(DOCKER, args, { cwd, env })).trimEnd();
  }

  /** Runs commands of an export's README: with a docker that knows these machines. Ends at the first that fails. */
  async runLines(lines: readonly string[], cwd: string): Promise<void> {
    const env = {
      ...this.engine('node1'),
      PATH: `${join(SCRIPTS, 'bin')}${delimiter}${process.env.PATH}`,
      ENGINES: NODES.map((node) => join(this.folder, `${node}.sock`)).join(' '),
      BASE,
      PROXY: `http://${PROXY.address}:${PROXY.port}`,
    };
    await command('bash', ['-e', '-c', lines.join('\n')], { cwd, env });
  }

  /** The variables by which programs find a node's engine. */
  engine(node: Node): Readonly<Record<string, string>> {
    return { DOCKER_HOST: `unix://${join(this.folder, `${node}.sock`)}`, DOCKER_BUILDKIT: '1' };
  }

  /** Runs a program in the machines' network. */
  inNetwork(program: string, args: readonly string[]): Promise<string> {
    return command('nsenter', this.#enter(['--net'], program, args));
  }

  /** Runs a program with this machine's network, but so that it ends with the machines, as do its mounts. */
  asPart(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    return command('nsenter', this.#enter(['--mount'], program, args), { env });
  }

  /** Runs a program in the machines' network that ends with them, as do its mounts. */
  inside(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
    return command('nsenter', this.#enter(['--mount', '--net'], program, args), { env });
  }

  /** Starts a program in the machines' network that ends with them. */
  startInNetwork(program: string, args: readonly string[]): ChildProcess {
    return spawn('nsenter', this.#enter(['--net'], program, args), { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /**
   * Waits until a node's engine can be used.
   * @throws Error with the last line of what the machine has logged if that never happens
   */
  async engineUp(node: Node): Promise<void> {
    const deadline = Date.now() + ENGINE_MS;
    for (;;) {
      const error = await this.docker(['version'], { node }).then(
        () => undefined,
        (reason: Error) => reason,
      );
      if (error === undefined) return;
      const areUp = existsSync(`/proc/${this.#first}`);
      if (!areUp || Date.now() > deadline) {
        const log = lastLine(join(this.folder, `${areUp ? node : 'machines'}.log`));
        throw new Error(log || error.message);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  #enter(namespaces: readonly string[], program: string, args: readonly string[]): string[] {
    return ['--target', String(this.#first), '--pid', ...namespaces, '--', program, ...args];
  }

  /** The nodes that have not been killed. */
  get alive(): readonly Node[] {
    return NODES.filter((node) => this.#firstOf(node) !== undefined);
  }

  /** Pulls a machine's plug: its engine and all containers are gone at once. */
  kill(node: Node): void {
    const pid = this.#firstOf(node);
    if (pid === undefined) throw new Error(`${node} does not run`);
    process.kill(pid, 'SIGKILL');
  }

  /** Switches a killed machine on again. */
  async switchOn(node: Node): Promise<void> {
    const args = this.#enter(['--mount'], join(SCRIPTS, 'node.sh'), [this.folder, node]);
    spawn('nsenter', args, { detached: true, stdio: 'ignore' }).unref();
    await this.engineUp(node);
  }

  #firstOf(node: Node): number | undefined {
    const socket = `unix://${join(this.folder, `${node}.sock`)}`;
    return pids().find((pid) => {
      const words = commandLine(pid);
      return words[0] === 'tini' && words.includes(socket);
    });
  }
}

interface DockerOptions {
  readonly node?: Node;
  readonly cwd?: string;
}

function pids(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** Empty for a process that is gone. */
function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

/** Empty without one. */
function lastLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  } catch {
    return '';
  }
}
