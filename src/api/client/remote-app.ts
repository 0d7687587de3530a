import type { AppControl, Session, WaitingDyno } from '../../apps/control.js';
import type { MetricsWindow } from '../../apps/metrics/views.js';
import type {
  ArchiveRequest,
  ConfigChanges,
  DynoTarget,
  ExecRequest,
  LogFilter,
  ReleaseRequest,
  RunRequest,
  SignalRequest,
} from '../../apps/requests.js';
import type { DynoView } from '../../apps/views.js';
import type { LogEntry } from '../../logs/entry.js';
import type { FormationChange } from '../../procfile/formation.js';
import { openRemoteSession } from '../attach/client.js';
import { OPERATIONS, type OperationName, type RequestOf, type ResultOf } from '../operations.js';
import type { ControlClient } from './control-client.js';

/** An app in another dynosim process. Each method is an API call. */
export class RemoteApp implements AppControl {
  readonly name: string;
  readonly #client: ControlClient;
  readonly #path: string;

  constructor(name: string, client: ControlClient) {
    this.name = name;
    this.#client = client;
    this.#path = `/dynosim/apps/${encodeURIComponent(name)}`;
  }

  info = () => this.#ask('info');

  dynos = () => this.#ask('dynos');

  formation = () => this.#ask('formation');

  scale = (changes: readonly FormationChange[]) => this.#ask('scale', { changes });

  restart = (target: DynoTarget) => this.#ask('restart', target);

  stopDynos = (target: DynoTarget) => this.#ask('stopDynos', target);

  signalDyno = (request: SignalRequest) => this.#ask('signalDyno', request);

  runDetached = (request: RunRequest) => this.#ask('runDetached', request);

  async runAttached(request: RunRequest): Promise<WaitingDyno> {
    const path = `${this.#path}/run-attached`;
    const { dyno, id } = await this.#client.send<{ readonly dyno: DynoView; readonly id: string }>({
      method: 'POST',
      path,
      body: request,
    });
    const attach = (): Promise<Session> =>
      openRemoteSession(dyno.name, `/dynosim/attach/${id}`, this.#client);
    return { dyno, attach };
  }

  attach = (dyno: string) =>
    openRemoteSession(dyno, `${this.#path}/attach?dyno=${encodeURIComponent(dyno)}`, this.#client);

  exec = (request: ExecRequest) =>
    openRemoteSession(
      request.dyno,
      `${this.#path}/exec?request=${encodeURIComponent(JSON.stringify(request))}`,
      this.#client,
    );

  configVars = (version?: number) => this.#ask('configVars', version === undefined ? {} : { version });

  setConfig = (changes: ConfigChanges) => this.#ask('setConfig', changes);

  releases = () => this.#ask('releases');

  async *releaseOutput(version: number, signal: AbortSignal): AsyncGenerator<string> {
    const path = `${this.#path}/release-output?version=${version}`;
    for await (const { data } of this.#client.events(path, signal)) yield JSON.parse(data);
  }

  rollback = (version?: number) => this.#ask('rollback', version === undefined ? {} : { version });

  release = (request: ReleaseRequest) => this.#ask('release', request);

  slug = (id: string) => this.#ask('slug', { id });

  repoBytes = () => this.#ask('repoBytes');

  deploy = (dir: string) => this.#ask('deploy', { dir });

  deployArchive = (archive: ArchiveRequest) => this.#ask('deployArchive', archive);

  purgeBuildCache = () => this.#ask('purgeBuildCache');

  builds = () => this.#ask('builds');

  async *buildOutput(id: string, signal: AbortSignal): AsyncGenerator<string> {
    const path = `${this.#path}/build-output?id=${encodeURIComponent(id)}`;
    for await (const { data } of this.#client.events(path, signal)) yield JSON.parse(data);
  }

  cancelBuild = (id: string) => this.#ask('cancelBuild', { id });

  buildpacks = () => this.#ask('buildpacks');

  setBuildpacks = (names: readonly string[]) => this.#ask('setBuildpacks', { names });

  domains = () => this.#ask('domains');

  addDomain = (hostname: string) => this.#ask('addDomain', { hostname });

  removeDomain = (hostname: string) => this.#ask('removeDomain', { hostname });

  setMaintenance = (isOn: boolean) => this.#ask('setMaintenance', { isOn });

  features = () => this.#ask('features');

  feature = (name: string) => this.#ask('feature', { name });

  setFeature = (name: string, isEnabled: boolean) => this.#ask('setFeature', { name, isEnabled });

  sleep = () => this.#ask('sleep');

  wake = () => this.#ask('wake');

  report = () => this.#ask('report');

  resetReport = () => this.#ask('resetReport');

  metrics = (window: MetricsWindow) => this.#ask('metrics', { window });

  quota = () => this.#ask('quota');

  async *logs(filter: LogFilter, signal: AbortSignal): AsyncGenerator<readonly LogEntry[]> {
    const path = `${this.#path}/logs?filter=${encodeURIComponent(JSON.stringify(filter))}`;
    for await (const { data } of this.#client.events(path, signal)) {
      const entries: readonly (Omit<LogEntry, 'brief'> & { readonly brief?: string })[] = JSON.parse(data);
      yield entries.map(({ brief, ...entry }) => ({
        ...entry,
        ...(brief !== undefined && { brief: () => brief }),
      }));
    }
  }

  drains = () => this.#ask('drains');

  addDrain = (url: string) => this.#ask('addDrain', { url });

  removeDrain = (wanted: string) => this.#ask('removeDrain', { wanted });

  async #ask<Name extends OperationName>(name: Name, request?: RequestOf<Name>): Promise<ResultOf<Name>> {
    const { method, path, isSlow } = OPERATIONS[name];
    const asked = { method, path: this.#path + path, body: request, isSlow };
    // JSON has no undefined.
    return (await this.#client.send<ResultOf<Name> | null>(asked)) ?? (undefined as ResultOf<Name>);
  }
}
