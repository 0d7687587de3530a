import { Addons } from '../../src/addons/addons.js';
import type { ServerDriver, ServerLine, Settings } from '../../src/addons/driver.js';
import type { AddonApp, AddonsWorld } from '../../src/addons/world.js';
import { PlatformClock } from '../../src/base/clock.js';
import { Emitter } from '../../src/base/emitter.js';
import { UserError } from '../../src/base/errors.js';
import type { Attached, Config, ConfigVar } from '../../src/config/layers.js';
import { FakeContainment } from './fake-containment.js';
import { makeFolder } from './folder.js';
import { ManualClock } from './manual-clock.js';

/** A service whose servers print `ready`, `port taken`, `FATAL …` before they end, or anything else, as the test says. */
export class FakeDriver implements ServerDriver {
  readonly process = 'postgres.1';
  readonly tag = 'attachment';
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  /** How often it has cleaned up. */
  cleanUps = 0;
  /** The error of its next `create`. */
  failure: Error | undefined;

  async plan(options: Settings): Promise<Settings> {
    return { password: 'pw', ...options };
  }

  /** What its next `create` waits for. */
  creating: Promise<void> = Promise.resolve();

  async create(): Promise<void> {
    this.asked.push('create');
    await this.creating;
    if (this.failure) throw this.failure;
  }

  async spec({ port }: { readonly port: number }) {
    return { command: ['server', String(port)] as const, cwd: '/', env: {} };
  }

  reader(): (line: string) => ServerLine {
    return (line) => {
      if (line === 'ready' || line === 'port taken') return { means: line };
      return { log: line, ...(line.startsWith('FATAL') && { failure: line }) };
    };
  }

  /** Whether its servers do not do what they are asked. */
  isBroken = false;

  async prepare({ addon }: { readonly addon: { readonly plan: string } }): Promise<void> {
    this.asked.push(`prepare ${addon.plan}`);
    if (this.isBroken) throw new Error('no answer');
  }

  async cleanUp(): Promise<void> {
    this.cleanUps += 1;
  }

  vars({
    addon,
    port,
  }: {
    readonly addon: { readonly settings: Settings };
    readonly port: number;
  }): Settings {
    return { URL: `db://${addon.settings.password}@${port}` };
  }
}

/** An app that records what its add-ons do to it. */
export class FakeAddonApp implements AddonApp {
  readonly id: string;
  readonly name: string;
  readonly own = new Map<string, ConfigVar>();
  /** Whether nothing can be written. */
  isFull = false;
  /** Descriptions of releases, with the user if it was not the app's. */
  readonly releases: string[] = [];
  readonly lines: string[] = [];
  vars: Config = new Map();
  #isReleased = false;
  readonly #happened = new Emitter();

  constructor(name: string) {
    this.name = name;
    this.id = `${name}-id`;
  }

  ownVars = (): Config => this.own;

  releasedVars = (): Config | undefined => (this.#isReleased ? this.vars : undefined);

  adopt({ vars }: Attached): void {
    this.vars = vars;
    this.#isReleased = true;
  }

  async change({ attached, description, by }: Parameters<AddonApp['change']>[0]): Promise<void> {
    if (this.isFull) throw new UserError('STATE_UNUSABLE', 'Cannot write: no space left');
    this.vars = attached().vars;
    this.#isReleased = true;
    this.releases.push(by === undefined ? description : `${description} by ${by}`);
    this.#happened.emit();
  }

  runJob(): never {
    throw new Error('Nothing is scheduled');
  }

  logServer(process: string, line: string): void {
    this.lines.push(`app[${process}]: ${line}`);
    this.#happened.emit();
  }

  remark(line: string): void {
    this.lines.push(`dynosim: ${line}`);
    this.#happened.emit();
  }

  /** Resolves when a condition holds, which is checked at every release and line. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await this.#happened.next();
  }

  /** The present values. */
  get values(): Readonly<Record<string, string>> {
    return Object.fromEntries(Array.from(this.vars, ([name, { value }]) => [name, value]));
  }
}

/** Add-ons in a world in which nothing is real but the disk. */
export function fakeAddonsWorld(names: readonly string[] = ['demo', 'other']) {
  const clock = new ManualClock();
  const containment = new FakeContainment();
  const apps = names.map((name) => new FakeAddonApp(name));
  const bugs: unknown[] = [];
  let lastPort = 25_000;
  const world: AddonsWorld = {
    folder: `${makeFolder()}/addons`,
    cacheFolder: '/nowhere',
    authorityFolder: '/nowhere',
    time: { real: clock, platform: new PlatformClock(clock), wall: () => clock.now() },
    containment,
    ports: { take: async () => ++lastPort },
    shell: {},
    isStrict: false,
    app: (id) => apps.find((app) => app.id === id),
    appNamed(name) {
      const found = apps.find((app) => app.name === name);
      if (!found) throw new Error(`There is no app ${name}`);
      return found;
    },
    onBug: (error) => bugs.push(error),
  };
  const driver = new FakeDriver();
  const open = (): Addons =>
    new Addons(world, { 'heroku-postgresql': driver, 'heroku-redis': driver, scheduler: undefined });
  return { world, clock, containment, apps, bugs, driver, open };
}
