import type { AddonControl } from '../../addons/control.js';
import type { TerminalSize } from '../../apps/requests.js';
import type { AppView } from '../../apps/views.js';
import type {
  AppControl,
  ClockView,
  EventsRequest,
  HostControl,
  HostEvent,
  HostView,
  NewAppSpec,
} from '../control.js';
import { decodeEvent, eventsPath } from '../dynosim/host-events.js';
import { type ApiAddress, type ClientRequest, ControlClient } from './control-client.js';
import { RemoteAddons } from './remote-addons.js';
import { RemoteApp } from './remote-app.js';

/** Another dynosim process. Each method is an API call. */
export class RemoteHost implements HostControl {
  readonly addons: AddonControl;
  readonly #client: ControlClient;

  /** @param token the user's */
  constructor(address: ApiAddress, token: string) {
    this.#client = new ControlClient(address, token);
    this.addons = new RemoteAddons(this.#client);
  }

  info(): Promise<HostView> {
    return this.#get('/dynosim/host');
  }

  apps(): Promise<readonly AppView[]> {
    return this.#get('/dynosim/apps');
  }

  async app(name: string): Promise<AppControl> {
    const app = this.appNamed(name);
    await app.info();
    return app;
  }

  /** Returns an app without checking that it exists. */
  appNamed(name: string): AppControl {
    return new RemoteApp(name, this.#client);
  }

  createApp(spec: NewAppSpec): Promise<AppView> {
    return this.#client.send({ method: 'POST', path: '/dynosim/apps', body: spec });
  }

  renameApp(name: string, to: string): Promise<AppView> {
    const path = `/dynosim/apps/${encodeURIComponent(name)}/rename`;
    return this.#client.send({ method: 'POST', path, body: { to } });
  }

  async destroyApp(name: string): Promise<void> {
    const path = `/dynosim/apps/${encodeURIComponent(name)}`;
    await this.#client.send({ method: 'DELETE', path, isSlow: true });
  }

  clock(): Promise<ClockView> {
    return this.#get('/dynosim/clock');
  }

  advanceClock(ms: number): Promise<ClockView> {
    return this.#client.send({ method: 'POST', path: '/dynosim/clock/advance', body: { ms }, isSlow: true });
  }

  async *events(signal: AbortSignal, wanted: EventsRequest = {}): AsyncGenerator<HostEvent> {
    for await (const { event, data } of this.#client.events(eventsPath(wanted), signal))
      yield decodeEvent(event, JSON.parse(data));
  }

  async stop(): Promise<void> {
    await this.#client.send({ method: 'POST', path: '/dynosim/stop' });
  }

  /**
   * The add-ons as Heroku's API has them.
   * @param app of one app; left out: of all
   */
  addonsAsHeroku(app?: string): Promise<unknown> {
    return this.#get(app === undefined ? '/addons' : `/apps/${encodeURIComponent(app)}/addons`);
  }

  /** Creates a code for one login with Heroku's CLI. */
  async loginCode(): Promise<string> {
    const asked: ClientRequest = { method: 'POST', path: '/dynosim/login-codes' };
    return (await this.#client.send<{ readonly code: string }>(asked)).code;
  }

  /** Creates a code that lets one page of the dashboard in. */
  async dashboardCode(): Promise<string> {
    const asked: ClientRequest = { method: 'POST', path: '/dynosim/dashboard-codes' };
    return (await this.#client.send<{ readonly code: string }>(asked)).code;
  }

  /** Reports the new size of a terminal that was named when its one-off dyno was requested. */
  async resizeTerminal(name: string, size: TerminalSize): Promise<void> {
    await this.#client.send({ method: 'POST', path: `/dynosim/terminals/${name}`, body: size });
  }

  #get<T>(path: string): Promise<T> {
    return this.#client.send({ method: 'GET', path });
  }
}
