import type { AddonControl } from '../addons/control.js';
import type {
  AppControl,
  ClockView,
  EventsRequest,
  HostControl,
  HostEvent,
  HostView,
  NewAppSpec,
} from '../api/control.js';
import { EVENTS_REQUEST } from '../api/dynosim/events-query.js';
import type { AppView } from '../apps/views.js';
import { UserError } from '../base/errors.js';
import { followHost } from './events/follow-host.js';
import type { Host } from './host.js';
import type { KeptApps } from './kept-apps.js';
import { NO_ADDONS } from './no-addons.js';

/** Far more than needed to see dynos sleep and monthly hours count. */
const MOST_AT_ONCE_MS = 10 * 365 * 24 * 60 * 60_000;

/** The control interface of the host in this process. */
export class LocalHost implements HostControl {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  get addons(): AddonControl {
    return this.#host.addons ?? NO_ADDONS;
  }

  async info(): Promise<HostView> {
    const { address, registry, kept } = this.#host;
    const { instance, pid, router } = address;
    const apps = registry.list().map(({ app }) => app.name);
    return { instance, pid, router, apps, ...(kept && { state: kept.state }) };
  }

  async apps(): Promise<readonly AppView[]> {
    await this.#host.loaded;
    return Promise.all(this.#host.registry.list().map(({ control }) => control.info()));
  }

  async app(name: string): Promise<AppControl> {
    await this.#host.loaded;
    return this.#host.registry.get(name).control;
  }

  async createApp(spec: NewAppSpec): Promise<AppView> {
    const kept = await this.#kept();
    return this.#host.registry.get(await kept.create(spec)).control.info();
  }

  async renameApp(name: string, to: string): Promise<AppView> {
    const kept = await this.#kept();
    await kept.rename(name, to);
    return this.#host.registry.get(to).control.info();
  }

  async destroyApp(name: string): Promise<void> {
    await this.#host.loaded;
    return this.#host.kept?.destroy(name) ?? this.#host.destroyApp(name);
  }

  /** @throws UserError `ONE_APP` */
  async #kept(): Promise<KeptApps> {
    const { kept, loaded } = this.#host;
    await loaded;
    if (kept) return kept;
    throw new UserError('ONE_APP', 'This dynosim runs the app of one folder. For many apps: dynosim host');
  }

  async clock(): Promise<ClockView> {
    return this.#host.clock;
  }

  async advanceClock(ms: number): Promise<ClockView> {
    if (!(ms >= 0)) throw new UserError('BAD_DURATION', 'Platform time only moves forward.');
    if (ms > MOST_AT_ONCE_MS) throw new UserError('BAD_DURATION', 'At most ten years at once.');
    await this.#host.advanceClock(ms);
    return this.#host.clock;
  }

  async *events(signal: AbortSignal, request: EventsRequest = {}): AsyncGenerator<HostEvent> {
    const wanted = EVENTS_REQUEST(request, 'request');
    if (wanted.app !== undefined) await this.app(wanted.app);
    yield* followHost(this.#host, wanted, signal);
  }

  async stop(): Promise<void> {
    this.#host.requestStop();
  }
}
