import { UserError } from '../base/errors.js';
import type { LogDrain } from '../logs/drains/drains.js';
import type { LogEntry } from '../logs/entry.js';
import type { FormationChange } from '../procfile/formation.js';
import type { App } from './app.js';
import type { ReleaseListeners } from './app-releases.js';
import type { AppControl, Session, WaitingDyno } from './control.js';
import { FEATURES, type Feature, Features } from './features.js';
import type { AppKeeper } from './keeper.js';
import type { MetricsView, MetricsWindow } from './metrics/views.js';
import { readLog } from './read-log.js';
import { changeByRelease } from './release-change.js';
import type { ReleaseOutcome } from './releasing.js';
import type {
  ArchiveRequest,
  ConfigChanges,
  DynoTarget,
  ExecRequest,
  LogFilter,
  ReleaseRequest,
  RunRequest,
  SignalRequest,
} from './requests.js';
import { attachGuest, execSession, openSession } from './session.js';
import { reportOf } from './sleep/report.js';
import type { QuotaView, ReportView } from './sleep/views.js';
import type {
  AppView,
  BuildpackView,
  BuildView,
  ConfigVars,
  DomainView,
  DynoView,
  FeatureView,
  FormationView,
  ReleaseChange,
  ReleaseView,
  SlugView,
} from './views.js';

/** An app of this process, as code outside `apps/` sees it: its operations only. */
export class LocalApp implements AppControl {
  readonly #app: App;
  readonly #url: () => string;
  readonly #keeper: AppKeeper | undefined;

  /**
   * @param url where the router answers for it
   * @param keeper the host's services for an app that it keeps; undefined: the app runs from its own folder
   */
  constructor(app: App, url: () => string, keeper?: AppKeeper) {
    this.#app = app;
    this.#url = url;
    this.#keeper = keeper;
  }

  get name(): string {
    return this.#app.name;
  }

  async info(): Promise<AppView> {
    const { id, name, dir, createdAt, isInMaintenance, dynos, sleep } = this.#app;
    const release = this.#app.releases.views().find(({ isCurrent }) => isCurrent);
    const { afterMs } = sleep.settings;
    const { sleepsInMs } = sleep.sleeper;
    const { bytes, language } = this.#app.releases.slug;
    return {
      id,
      name,
      dir,
      url: this.#url(),
      createdAt,
      releasedAt: release?.createdAt ?? createdAt,
      isBlank: this.#app.releases.isBlank,
      ...(bytes !== undefined && { slugBytes: bytes }),
      ...(language !== undefined && { language }),
      isInMaintenance,
      size: dynos.sizeOf('web'),
      ...(dynos.canSleep && Number.isFinite(afterMs) && { sleepsAfterMs: afterMs }),
      ...(sleepsInMs !== undefined && { sleepsInMs }),
    };
  }

  async dynos(): Promise<readonly DynoView[]> {
    return this.#app.dynos.views().map(measured);
  }

  async formation(): Promise<readonly FormationView[]> {
    return this.#app.dynos.formationViews();
  }

  async scale(changes: readonly FormationChange[]): Promise<readonly FormationView[]> {
    // No dyno shall stop for a change that cannot be kept.
    await this.#keeper?.save();
    const before = [...this.#app.dynos.formation];
    this.#app.dynos.scale(changes);
    await this.#saveOr(() =>
      this.#app.dynos.scale(
        before.map(([type, { quantity, size }]) => ({ type, size, quantity: { to: quantity } })),
      ),
    );
    return this.#app.dynos.formationViews();
  }

  async restart(target: DynoTarget): Promise<void> {
    this.#app.dynos.restart(target);
  }

  async stopDynos(target: DynoTarget): Promise<void> {
    this.#app.dynos.stopSome(target);
  }

  async signalDyno({ dyno, signal }: SignalRequest): Promise<void> {
    this.#app.dynos.signal(dyno, signal);
  }

  async runDetached(request: RunRequest): Promise<DynoView> {
    return this.#dyno(this.#app.dynos.oneOffs.runDetached(request).name);
  }

  async runAttached(request: RunRequest): Promise<WaitingDyno> {
    const attachment = this.#app.dynos.oneOffs.runAttached(request);
    return { dyno: this.#dyno(attachment.oneOff.name), attach: () => openSession(attachment) };
  }

  async attach(dyno: string): Promise<Session> {
    return attachGuest(dyno, this.#app.dynos.runOf(dyno));
  }

  async exec({ dyno, ...command }: ExecRequest): Promise<Session> {
    return execSession(dyno, await this.#app.dynos.exec(dyno, command));
  }

  async configVars(version?: number): Promise<ConfigVars> {
    const { history, configVars } = this.#app.releases;
    return Object.fromEntries(version === undefined ? configVars : history.find(version).config);
  }

  setConfig(changes: ConfigChanges): Promise<ReleaseChange> {
    return this.#change((listeners) =>
      this.#app.releases.updateConfigVars(new Map(Object.entries(changes)), listeners),
    );
  }

  async releases(): Promise<readonly ReleaseView[]> {
    return this.#app.releases.views();
  }

  releaseOutput(version: number, signal: AbortSignal): AsyncIterable<string> {
    const { history } = this.#app.releases;
    const output = history.outputOf(history.find(version));
    return output?.read(signal) ?? (async function* () {})();
  }

  rollback(version?: number): Promise<ReleaseChange> {
    return this.#change((listeners) => this.#app.releases.rollback(version, listeners));
  }

  release(request: ReleaseRequest): Promise<ReleaseChange> {
    return this.#change((listeners) => this.#app.releases.again(request, listeners));
  }

  async slug(id: string): Promise<SlugView> {
    const slug = this.#keeper?.slug(id);
    if (slug) return slug;
    throw new UserError('NO_SUCH_SLUG', "Couldn't find that slug.");
  }

  async repoBytes(): Promise<number> {
    return this.#keeper?.repoBytes() ?? 0;
  }

  async deploy(dir: string): Promise<BuildView> {
    return this.#kept().deploy(dir);
  }

  async deployArchive(archive: ArchiveRequest): Promise<BuildView> {
    return this.#kept().deployArchive(archive);
  }

  async purgeBuildCache(): Promise<void> {
    this.#kept().purgeBuildCache();
  }

  async builds(): Promise<readonly BuildView[]> {
    return this.#keeper?.builds() ?? [];
  }

  buildOutput(id: string, signal: AbortSignal): AsyncIterable<string> {
    return this.#kept().buildOutput(id, signal);
  }

  async cancelBuild(id: string): Promise<void> {
    this.#kept().cancelBuild(id);
  }

  async buildpacks(): Promise<readonly BuildpackView[]> {
    return this.#keeper?.buildpacks() ?? [];
  }

  async setBuildpacks(names: readonly string[]): Promise<readonly BuildpackView[]> {
    const keeper = this.#kept();
    await keeper.setBuildpacks(names);
    return keeper.buildpacks();
  }

  async domains(): Promise<readonly DomainView[]> {
    const { id, name, createdAt } = this.#app;
    return this.#keeper?.domains() ?? [{ id, hostname: `${name}.localhost`, kind: 'heroku', createdAt }];
  }

  async addDomain(hostname: string): Promise<DomainView> {
    return this.#kept().addDomain(hostname);
  }

  async removeDomain(hostname: string): Promise<DomainView> {
    return this.#kept().removeDomain(hostname);
  }

  async setMaintenance(isOn: boolean): Promise<void> {
    const before = this.#app.isInMaintenance;
    this.#app.setMaintenance(isOn);
    await this.#saveOr(() => this.#app.setMaintenance(before));
  }

  async features(): Promise<readonly FeatureView[]> {
    return FEATURES.map((feature) => this.#feature(feature));
  }

  async feature(name: string): Promise<FeatureView> {
    return this.#feature(Features.find(name));
  }

  async setFeature(name: string, isEnabled: boolean): Promise<FeatureView> {
    const feature = Features.find(name);
    const before = this.#app.features.has(feature.name);
    this.#app.setFeature(feature.name, isEnabled);
    await this.#saveOr(() => this.#app.setFeature(feature.name, before));
    return this.#feature(feature);
  }

  async sleep(): Promise<void> {
    this.#app.sleep.sleeper.sleepNow();
  }

  async wake(): Promise<void> {
    this.#app.sleep.sleeper.wakeNow();
  }

  async report(): Promise<ReportView> {
    return reportOf(this.#app.sleep);
  }

  async resetReport(): Promise<void> {
    this.#app.sleep.reset();
  }

  async metrics(window: MetricsWindow): Promise<MetricsView> {
    const dynos = await this.dynos();
    return this.#app.metrics.view(window, this.#app.now, dynos);
  }

  async quota(): Promise<QuotaView | undefined> {
    const { quotaMs, monthUsedMs, allUsedMs } = this.#app.sleep.usage();
    return Number.isFinite(quotaMs) ? { quotaMs, usedMs: monthUsedMs, allUsedMs } : undefined;
  }

  logs(filter: LogFilter, signal: AbortSignal): AsyncIterable<readonly LogEntry[]> {
    return readLog(this.#app.logs, filter, signal);
  }

  async drains(): Promise<readonly LogDrain[]> {
    return this.#app.drains.list();
  }

  async addDrain(url: string): Promise<LogDrain> {
    const drain = await this.#app.drains.add(url);
    await this.#saveOr(() => this.#app.drains.remove(drain));
    return drain;
  }

  async removeDrain(wanted: string): Promise<LogDrain> {
    const drain = this.#app.drains.find(wanted);
    if (!drain) throw new UserError('NO_SUCH_DRAIN', "Couldn't find that drain.");
    await this.#app.drains.remove(drain);
    await this.#saveOr(() => this.#app.drains.reopen(drain));
    return drain;
  }

  #change(make: (listeners: ReleaseListeners) => Promise<ReleaseOutcome>): Promise<ReleaseChange> {
    return changeByRelease(this.#app, make, async () => this.#keeper?.save());
  }

  /**
   * Keeps a change.
   * @param takeBack called if it cannot be kept, because a change that is refused must have no effect
   * @throws UserError `STATE_UNUSABLE`
   */
  async #saveOr(takeBack: () => void | Promise<void>): Promise<void> {
    try {
      await this.#keeper?.save();
    } catch (error) {
      await takeBack();
      throw error;
    }
  }

  /** @throws UserError `ONE_APP` */
  #kept(): AppKeeper {
    if (this.#keeper) return this.#keeper;
    const { name, dir } = this.#app;
    // With the remedy: Heroku's CLI shows no hints.
    throw new UserError(
      'ONE_APP',
      `${name} runs the files in ${dir} as they are. For builds, buildpacks and domains: dynosim host`,
    );
  }

  #dyno(name: string): DynoView {
    const view = this.#app.dynos.views().find((dyno) => dyno.name === name);
    if (!view) throw new UserError('NO_SUCH_DYNO', `${name} has ended`);
    return measured(view);
  }

  #feature({ name, state, description, docUrl }: Feature): FeatureView {
    return { name, state, description, docUrl, isEnabled: this.#app.features.has(name) };
  }
}

/** A plain value: reads the memory now. */
function measured(view: DynoView): DynoView {
  return { ...view };
}
