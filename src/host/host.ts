import type { AddonsWorld } from '../addons/world.js';
import { claim, type HostAddress, runtimeFile } from '../api/client/discovery.js';
import { appStateFolder, rememberApiPort } from '../api/client/state-folder.js';
import type { ClockView, HostControl } from '../api/control.js';
import type { ControlServer } from '../api/server/server.js';
import { App, type AppOptions } from '../apps/app.js';
import type { AppKeeper } from '../apps/keeper.js';
import { LocalApp } from '../apps/local-app.js';
import { watchFiles } from '../apps/reload.js';
import type { Time } from '../base/clock.js';
import { Closers } from '../base/closers.js';
import { formatDuration } from '../base/duration.js';
import { Emitter } from '../base/emitter.js';
import { randomId } from '../base/ids.js';
import type { Containment } from '../dynos/contain/index.js';
import { NO_MEMORY } from '../dynos/observers/memory.js';
import { filesWrittenByTree } from '../dynos/proc.js';
import type { RunWorld } from '../dynos/run-plan.js';
import type { Router } from '../router/server.js';
import { addonAppOf, addonAppsOf } from './addon-app.js';
import { HostAddons } from './host-addons.js';
import type { KeptApps, OpenKeptApps } from './kept-apps.js';
import { type ControlOptions, type ListenOptions, startHostRouter } from './listen.js';
import { LocalHost } from './local-host.js';
import { type RegisteredApp, Registry } from './registry.js';
import { listenOnIPv6Soon, routerUrl } from './router-port.js';
import { createRunWorld } from './run-world.js';

export interface HostOptions extends ListenOptions {
  readonly containment: Containment;
  /** Whether /proc describes processes and sockets. */
  readonly isLinux: boolean;
  /** The environment dynosim was started with. */
  readonly shell: NodeJS.ProcessEnv;
  /**
   * For a host of many apps, which keeps them from start to start: `keepApps()`. Undefined: it only runs apps from
   * their folders, as `start` does, which then need not load any of that.
   */
  readonly kept?: OpenKeptApps;
  /**
   * How long its dynos run until they are restarted, platform time: this, and up to 15 % more at random. Infinity: they
   * are not.
   */
  readonly cycleAfterMs: number;
  /** Where its add-ons are kept. Left out: it can have none. */
  readonly addons?: Pick<AddonsWorld, 'folder' | 'cacheFolder' | 'authorityFolder' | 'isStrict'>;
  /** Called when a client of the API asks dynosim to stop. */
  onStopRequest(): void;
}

export interface NewApp extends Omit<AppOptions, 'world' | 'shell'> {
  /**
   * The host's side of an app that it keeps. Left out: the app is its folder, which no other dynosim with a control API
   * may run.
   */
  readonly keeper?: (app: App) => AppKeeper;
  /** Whether other processes cannot find it by its folder or name, so that its folder stays free for other apps. */
  readonly isPrivate?: boolean;
  /** Gets requests for all host names that belong to no other app, not only for `my-app.localhost`. */
  readonly takesEveryHost: boolean;
}

/**
 * Starts a host without apps.
 * @throws UserError if it cannot listen
 */
export async function startHost(options: HostOptions): Promise<Host> {
  const host = new Host(options);
  try {
    await host.listen();
    return host;
  } catch (error) {
    await host.close();
    throw error;
  }
}

/** One process of dynosim: a router, a control API, two clocks, and any number of apps. */
export class Host {
  readonly control: HostControl = new LocalHost(this);
  readonly registry = new Registry();
  /** Undefined if it only runs apps from their folders. */
  readonly kept: KeptApps | undefined;
  /** Undefined if it can have none. */
  readonly addons: HostAddons | undefined;
  /** Unique per start. */
  readonly instance = randomId();
  /** What dynosim cannot guarantee on this system, a sentence each. */
  readonly gaps: readonly string[];
  readonly #options: HostOptions;
  readonly #world: RunWorld;
  readonly #shell: NodeJS.ProcessEnv;
  /** Closed before anything stops. */
  readonly #watchers = new Closers();
  readonly #closers = new Closers();
  readonly #clockMoved = new Emitter();
  /** Apps that are being destroyed. */
  readonly #leaving = new Set<Promise<void>>();
  #router: Router | undefined;
  #api: ControlServer | undefined;
  #closing: Promise<void> | undefined;

  /** Use `startHost`. */
  constructor(options: HostOptions) {
    const { time, containment, isLinux } = options;
    this.#options = options;
    // A copy, because process.env reads each variable from the system, and each dyno needs all of them.
    this.#shell = { ...options.shell };
    this.gaps = [...containment.gaps, ...(isLinux ? [] : [NO_MEMORY])];
    const world = { containment, clock: time.real, time, wall: time.wall, shell: this.#shell };
    this.kept = options.kept?.(this, { ...world, onBug: options.onBug });
    this.#world = createRunWorld(options, (line) => this.remark(line));
    this.addons =
      options.addons &&
      new HostAddons({
        ...options.addons,
        time,
        containment,
        ports: this.#world.ports,
        shell: this.#shell,
        ...addonAppsOf(this.registry),
        onBug: options.onBug,
      });
    this.#closers.add(() => containment.close());
    this.#closers.add(() => this.addons?.close());
    this.#closers.add(async () => this.kept?.save());
  }

  /** Resolves when all kept apps are known. Undefined: there are none to wait for. */
  get loaded(): Promise<void> | undefined {
    return this.kept?.loaded;
  }

  get apps(): readonly App[] {
    return this.registry.list().map(({ app }) => app);
  }

  /** The control API's URL; empty without one. */
  get apiUrl(): string {
    return this.#api?.url ?? '';
  }

  /** The router's URL. */
  get url(): string {
    return routerUrl(this.#options.router.host, this.port, '127.0.0.1');
  }

  /** The router's URL for people. */
  get siteUrl(): string {
    return routerUrl(this.#options.router.host, this.port, 'localhost');
  }

  get port(): number {
    return this.#router?.port ?? 0;
  }

  /** Where an app answers by its name. */
  urlOf(app: string): string {
    return `http://${app}.localhost:${this.port}`;
  }

  /** Wall-clock ms. */
  get now(): number {
    return this.#options.time.wall();
  }

  get clock(): ClockView {
    const { speed, skippedMs, aheadMs } = this.#options.time.platform;
    const wall = this.now;
    return { speed, skippedMs, wall, platform: wall + aheadMs };
  }

  get time(): Time {
    return this.#options.time;
  }

  async advanceClock(ms: number): Promise<void> {
    // What it causes, such as a sleep, stands behind it.
    const at = this.now;
    await this.#options.time.platform.advance(ms, () => this.#settled());
    this.#clockMoved.emit();
    const mark = { at, kind: 'advance', text: `${formatDuration(ms)} passed`, dyno: null } as const;
    for (const { metrics } of this.apps) metrics.marks.add(mark);
  }

  /** Called when platform time has been moved forward. The result unsubscribes. */
  onClock(listener: () => void): () => void {
    return this.#clockMoved.subscribe(listener);
  }

  requestStop(): void {
    this.#options.onStopRequest();
  }

  /** @throws UserError if it cannot listen */
  async listen(): Promise<void> {
    const { control } = this.#options;
    if (control) {
      // Its code is large, and a host without it starts sooner.
      const { startHostApi } = await import('./listen-api.js');
      const api = await startHostApi(this, this.#options, control);
      this.#api = api;
      this.#closers.add(() => api.close());
    }
    this.#router = await startHostRouter(this, this.#options);
    const { real } = this.#options.time;
    this.#watchers.add(listenOnIPv6Soon(this.#router, real, (line) => this.remark(line)));
  }

  /** Logs a line of dynosim's own in every app. */
  remark(line: string): void {
    for (const app of this.apps) app.remark(line);
  }

  /**
   * Adds an app, which runs nothing before `startApp`.
   * @throws UserError `ALREADY_RUNNING`, `NAME_TAKEN`
   */
  async addApp({ takesEveryHost, keeper, isPrivate = false, ...options }: NewApp): Promise<App> {
    this.registry.requireFree(options.name);
    const app = new App({ ...options, shell: this.#shell, world: this.#world });
    const closers = new Closers();
    const { control } = this.#options;
    if (!keeper && control && !isPrivate) closers.add(await this.#claim(app, control));
    closers.add(() => app.drains.close());
    const url = (): string => (takesEveryHost ? this.url : this.urlOf(app.name));
    const local = new LocalApp(app, url, keeper?.(app));
    this.registry.add({ app, control: local, takesEveryHost, watchers: new Closers(), closers });
    return app;
  }

  /** @throws UserError `ALREADY_RUNNING` */
  async #claim(app: App, { stateFolder, token }: ControlOptions): Promise<() => void> {
    const { name, dir } = app;
    const appState = appStateFolder(stateFolder, dir);
    const release = await claim(runtimeFile(appState), { ...this.address, app: name, dir }, token);
    rememberApiPort(appState, this.#api?.port ?? 0);
    return release;
  }

  /**
   * Starts an app's dynos, and deploys the app again whenever its Procfile or env files change.
   * @param only also restarts the dynos when these sources change; empty: all files that git does not ignore
   * @throws UserError `RELEASE_FAILED`
   */
  async startApp(app: App, only?: readonly string[]): Promise<void> {
    const { isLinux, time } = this.#options;
    const isGone = (): boolean => this.#closing !== undefined || this.registry.find(app.name)?.app !== app;
    await this.addons?.join(addonAppOf(app));
    if (isGone()) return;
    await app.start();
    if (isGone()) return;
    await this.addons?.joined(addonAppOf(app));
    const entry = this.registry.get(app.name);
    if (app.files) entry.watchers.add(watchFiles(app, app.files, time.real));
    if (!only) return;
    // Its code is needed for nothing else.
    const { SourceWatch } = await import('../apps/watch/source-watch.js');
    if (isGone()) return;
    // dynosim's own output may go to a file in the app's folder, too.
    const writtenFiles = (): readonly string[] => (isLinux ? filesWrittenByTree(process.pid) : []);
    const watch = new SourceWatch(app, { only, time, writtenFiles });
    entry.watchers.add(() => watch.close());
  }

  /**
   * Stops an app's dynos and forgets the app. Other processes no longer find it.
   * @throws UserError `NO_SUCH_APP`
   */
  async destroyApp(name: string): Promise<void> {
    const leaving = this.#take(this.registry.remove(name));
    this.#leaving.add(leaving);
    await leaving.finally(() => this.#leaving.delete(leaving));
  }

  async #take({ app, watchers, closers }: RegisteredApp): Promise<void> {
    await watchers.close();
    await app.stop();
    this.#router?.forget(app);
    await closers.close();
  }

  /** How other processes reach this host. */
  get address(): HostAddress {
    const { instance, url, apiUrl } = this;
    const hasDashboard = this.#options.control?.dashboardFile !== undefined;
    return {
      instance,
      pid: process.pid,
      router: url,
      api: apiUrl,
      ...(hasDashboard && { dashboard: `${apiUrl}/dashboard/` }),
    };
  }

  /** The file with which other processes find a running app; empty without a control API. */
  runtimeFile({ dir }: Pick<App, 'dir'>): string {
    const { control } = this.#options;
    return control ? runtimeFile(appStateFolder(control.stateFolder, dir)) : '';
  }

  /** Stops all apps gracefully, then everything else. Meanwhile, new requests get a 503. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Sends SIGKILL to all processes of all dynos, if a user does not want to wait for `close`. */
  kill(): void {
    for (const { supervisor } of this.apps) supervisor.kill();
  }

  async #close(): Promise<void> {
    const apps = this.registry.list();
    await Promise.all([this.#watchers.close(), ...apps.map(({ watchers }) => watchers.close())]);
    const dynosGone = Promise.all([
      this.kept?.close(),
      ...apps.map(({ app }) => app.stop()),
      ...this.#leaving,
    ]);
    await Promise.all([this.#router?.close(dynosGone), dynosGone]);
    // Both give their clients a moment to read the last lines.
    await Promise.all([this.#closers.close(), ...apps.map(({ closers }) => closers.close())]);
  }

  /** Resolves when no dyno of any app is starting or stopping, and scheduled jobs have ended or take long. */
  async #settled(): Promise<void> {
    await this.addons?.timeSettled();
    await Promise.all(this.apps.map((app) => app.supervisor.settled()));
  }
}
