import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Machines, SCRIPTS } from './machines.js';

/** Why tests are skipped; undefined if podman can be used. */
export const NO_PODMAN = find() ? undefined : 'needs Debian packages podman and netavark';

/** podman in the machines' network, with nothing of the host's podman. */
export class Podman {
  readonly #machines: Machines;
  readonly #settings: string;

  constructor(machines: Machines) {
    this.#machines = machines;
    this.#settings = join(machines.folder, 'containers.conf');
    const text = readFileSync(join(SCRIPTS, 'containers.conf'), 'utf8');
    writeFileSync(this.#settings, text.replaceAll('SCRIPTS', SCRIPTS));
  }

  async run(...args: readonly string[]): Promise<string> {
    return (await this.#machines.inside('podman', [...this.#place, ...args], this.#env)).trimEnd();
  }

  /** Copies an image from the first machine's engine. */
  async load(image: string): Promise<void> {
    const { DOCKER_HOST = '' } = this.#machines.engine('node1');
    const podman = ['podman', ...this.#place].join(' ');
    const pipe = `docker --host ${DOCKER_HOST} save ${image} | ${podman} load --quiet`;
    await this.#machines.inside('bash', ['-o', 'pipefail', '-c', pipe], this.#env);
  }

  get #place(): readonly string[] {
    return ['--root', join(this.#machines.folder, 'disk', 'podman'), '--runroot', '/run/podman'];
  }

  get #env() {
    return { CONTAINERS_CONF: this.#settings };
  }
}

function find(): boolean {
  try {
    execFileSync('podman', ['--version'], { stdio: 'ignore' });
    return existsSync('/usr/lib/podman/netavark');
  } catch {
    return false;
  }
}
