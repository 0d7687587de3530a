import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Addons } from '../../src/addons/addons.js';
import type { AddonApp, AddonsWorld } from '../../src/addons/world.js';
import { systemTime } from '../../src/base/clock.js';
import type { Config } from '../../src/config/layers.js';
import { startContainment } from '../../src/dynos/contain/index.js';
import { Ports } from '../../src/dynos/ports.js';
import { makeFolder } from './folder.js';

/** An app that only records what its add-ons do. */
class FakeAddonApp implements AddonApp {
  readonly id: string;
  readonly name: string;
  readonly releases: string[] = [];
  /** Of servers, and remarks. */
  readonly lines: string[] = [];
  vars: Config | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(name: string) {
    this.id = `id-of-${name}`;
    this.name = name;
  }

  ownVars(): Config {
    return new Map();
  }

  releasedVars(): Config | undefined {
    return this.vars;
  }

  adopt(vars: Config): void {
    this.vars = vars;
  }

  async change({ vars, description }: Parameters<AddonApp['change']>[0]): Promise<void> {
    this.vars = vars();
    this.releases.push(description);
    this.#tell();
  }

  runJob(): never {
    throw new Error('Nothing is scheduled');
  }

  logServer(process: string, line: string): void {
    this.lines.push(`app[${process}]: ${line}`);
    this.#tell();
  }

  remark(line: string): void {
    this.lines.push(`dynosim: ${line}`);
    this.#tell();
  }

  valueOf(name: string): string {
    return this.vars?.get(name)?.value ?? '';
  }

  /** Resolves when a condition holds, which is checked at every release and line. */
  async until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!condition()) return;
        this.#listeners.delete(check);
        resolve();
      };
      this.#listeners.add(check);
      check();
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

export interface AddonsOptions {
  /** Default: a new folder. */
  readonly folder?: string;
  readonly shell?: NodeJS.ProcessEnv;
  readonly cacheFolder?: string;
  readonly isStrict?: boolean;
  readonly isPortable?: boolean;
}

/** Add-ons with real servers, for one fake app called `app`. They end with the test. */
export async function startAddons(options: AddonsOptions = {}) {
  const { folder = join(makeFolder(), 'addons'), shell = process.env, isStrict = false } = options;
  const time = systemTime();
  const containment = await startContainment({
    platform: process.platform,
    path: process.env.PATH ?? '',
    portable: options.isPortable ?? false,
    clock: time.real,
  });
  const app = new FakeAddonApp('app');
  const bugs: unknown[] = [];
  const world: AddonsWorld = {
    folder,
    cacheFolder: options.cacheFolder ?? makeFolder(),
    time,
    containment,
    ports: new Ports(),
    // Sockets' paths must be short.
    shell: { ...shell, XDG_RUNTIME_DIR: makeFolder() },
    isStrict,
    authorityFolder: makeFolder(),
    app: () => app,
    appNamed: () => app,
    onBug: (error) => bugs.push(error),
  };
  const addons = new Addons(world);
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await addons.close();
    await containment.close();
    if (bugs.length > 0) throw bugs[0];
  };
  onTestFinished(close);
  addons.start();
  await addons.join(app);
  return { addons, app, world, close };
}
