import type { DynoView } from '../../apps/views.js';
import type { serializeReport } from '../dynosim/sleep.js';
import type { serializeQuota } from '../heroku/account.js';
import type { serializeDyno } from '../heroku/dynos.js';
import type { serializeFormation } from '../heroku/formation.js';
import type { serializeRelease } from '../heroku/releases.js';
import { ApiError } from '../server/errors.js';
import { ControlClient } from './control-client.js';
import type { Runtime } from './discovery.js';

export type ApiDyno = ReturnType<typeof serializeDyno>;
export type ApiFormation = ReturnType<typeof serializeFormation>;
export type ApiRelease = ReturnType<typeof serializeRelease>;

export type ApiReport = ReturnType<typeof serializeReport>;
export type ApiQuota = ReturnType<typeof serializeQuota>;

export type ConfigVars = Readonly<Record<string, string>>;

/** One entry of a formation change, as the API takes it: `{ type: 'web', quantity: '+1' }`. */
export interface FormationUpdate {
  readonly type: string;
  readonly quantity?: string;
  readonly size?: string;
}

/** A command to be run in a one-off dyno, as the API takes it. */
export interface OneOffRequest {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  readonly size?: string;
  /** What it is named after instead of `run`. */
  readonly type?: string;
  /** Its output goes to a client that attaches, not to the log. */
  readonly attach: boolean;
  readonly force_no_tty?: boolean;
}

/** Which lines of the log. */
export interface LogRequest {
  readonly lines: number;
  readonly tail: boolean;
  readonly source?: string;
  readonly dyno?: string;
  readonly type?: string;
}

/**
 * What can be done to one running app, for commands: each method is one call of the control API, whose answers
 * have the shapes that the API's own code gives them.
 */
export class AppClient {
  readonly runtime: Runtime;
  readonly token: string;
  readonly #client: ControlClient;
  readonly #path: string;

  constructor(runtime: Runtime, token: string) {
    this.runtime = runtime;
    this.token = token;
    this.#client = new ControlClient(runtime.api, token);
    this.#path = `/apps/${encodeURIComponent(runtime.app)}`;
  }

  /** The app's name. */
  get name(): string {
    return this.runtime.app;
  }

  dynos(): Promise<readonly ApiDyno[]> {
    return this.#get('/dynos');
  }

  formation(): Promise<readonly ApiFormation[]> {
    return this.#get('/formation');
  }

  updateFormation(updates: readonly FormationUpdate[]): Promise<readonly ApiFormation[]> {
    return this.#client.send({ method: 'PATCH', path: `${this.#path}/formation`, body: { updates } });
  }

  /** @param what all dynos, one, or those of a type */
  async restart(what: { readonly dyno?: string; readonly type?: string }): Promise<void> {
    await this.#client.send({ method: 'DELETE', path: this.#path + pathOf(what) });
  }

  async stopDynos(what: { readonly dyno?: string; readonly type?: string }): Promise<void> {
    await this.#client.send({ method: 'POST', path: `${this.#path}${pathOf(what)}/actions/stop` });
  }

  /** Asks for a one-off dyno. */
  createDyno(wish: OneOffRequest): Promise<ApiDyno> {
    return this.#client.send({ method: 'POST', path: `${this.#path}/dynos`, body: wish });
  }

  configVars(): Promise<ConfigVars> {
    return this.#get('/config-vars');
  }

  /** Sets config vars, or removes them by null. Returns all there are then. */
  updateConfigVars(
    changes: Readonly<Record<string, string | null>>,
    onWarning: (warning: string) => void,
  ): Promise<ConfigVars> {
    const path = `${this.#path}/config-vars`;
    return this.#client.send({ method: 'PATCH', path, body: changes, isSlow: true, onWarning });
  }

  /** Newest first. */
  releases(max: number): Promise<readonly ApiRelease[]> {
    const range = `version ..; max=${max}, order=desc`;
    return this.#client.send({ method: 'GET', path: `${this.#path}/releases`, range });
  }

  /** @param wanted `v4` or `4` */
  release(wanted: string): Promise<ApiRelease> {
    return this.#get(`/releases/${encodeURIComponent(wanted)}`);
  }

  releaseConfigVars(wanted: string): Promise<ConfigVars> {
    return this.#get(`/releases/${encodeURIComponent(wanted)}/config-vars`);
  }

  /** @param release its version or id */
  rollback(release: string, onWarning: (warning: string) => void): Promise<ApiRelease> {
    return this.#client.send({
      method: 'POST',
      path: `${this.#path}/releases`,
      body: { release },
      isSlow: true,
      onWarning,
    });
  }

  async isInMaintenance(): Promise<boolean> {
    return (await this.#get<{ maintenance: boolean }>('')).maintenance;
  }

  async setMaintenance(maintenance: boolean): Promise<void> {
    await this.#client.send({ method: 'PATCH', path: this.#path, body: { maintenance } });
  }

  /** Lines as `heroku logs` prints them. */
  async *logs(request: LogRequest, signal?: AbortSignal): AsyncGenerator<string> {
    const path = `${this.#path}/log-sessions`;
    const session = await this.#client.send<{ logplex_url: string }>({ method: 'POST', path, body: request });
    yield* this.#client.events(session.logplex_url, signal);
  }

  async sleep(): Promise<void> {
    await this.#client.send({ method: 'POST', path: `/dynosim${this.#path}/sleep` });
  }

  async wake(): Promise<void> {
    await this.#client.send({ method: 'POST', path: `/dynosim${this.#path}/wake` });
  }

  report(): Promise<ApiReport> {
    return this.#client.send({ method: 'GET', path: `/dynosim${this.#path}/report` });
  }

  /** Eco dyno hours in seconds; undefined where there is no quota. */
  async quota(): Promise<ApiQuota | undefined> {
    try {
      return await this.#client.send<ApiQuota>({ method: 'GET', path: '/accounts/~/actions/get-quota' });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** What happens, from how things stand on: the data of the API's events. */
  async *events(signal?: AbortSignal): AsyncGenerator<ApiEvent> {
    for await (const data of this.#client.events('/dynosim/events', signal)) yield JSON.parse(data);
  }

  clock(): Promise<ClockState> {
    return this.#client.send({ method: 'GET', path: '/dynosim/clock' });
  }

  /** Moves platform time forward; resolves when dynos have settled. */
  advanceClock(ms: number): Promise<ClockState> {
    return this.#client.send({ method: 'POST', path: '/dynosim/clock/advance', body: { ms }, isSlow: true });
  }

  /** A code to log in with Heroku's CLI, once. */
  async loginCode(): Promise<string> {
    const path = '/dynosim/login-codes';
    return (await this.#client.send<{ code: string }>({ method: 'POST', path })).code;
  }

  /** The terminal that a client of a one-off dyno has named has another size. */
  async resizeTerminal(
    name: string,
    size: { readonly columns: number; readonly rows: number },
  ): Promise<void> {
    await this.#client.send({ method: 'POST', path: `/dynosim/terminals/${name}`, body: size });
  }

  /** Ends the dynosim that runs the app. */
  async stopHost(): Promise<void> {
    await this.#client.send({ method: 'POST', path: '/dynosim/stop' });
  }

  #get<T>(path: string): Promise<T> {
    return this.#client.send({ method: 'GET', path: this.#path + path });
  }
}

/** See `createEventRoutes`. */
export type ApiEvent =
  | {
      readonly app: string;
      readonly name: string;
      readonly type: string;
      readonly state: DynoView['state'] | 'gone';
      readonly release: number;
    }
  | { readonly app: string; readonly version: number; readonly status: 'pending' | 'succeeded' | 'failed' }
  | { readonly apps: readonly string[] };

export interface ClockState {
  readonly speed: number;
  readonly skippedMs: number;
}

function pathOf({ dyno, type }: { readonly dyno?: string; readonly type?: string }): string {
  if (dyno !== undefined) return `/dynos/${encodeURIComponent(dyno)}`;
  return type === undefined ? '/dynos' : `/formations/${encodeURIComponent(type)}`;
}
