import type { AppControl } from '../apps/control.js';
import {
  ARCHIVE_REQUEST,
  CONFIG_CHANGES,
  DYNO_TARGET,
  METRICS_REQUEST,
  RELEASE_REQUEST,
  RUN_REQUEST,
  SCALE_REQUEST,
  SIGNAL_REQUEST,
} from '../apps/requests.js';
import { count, flag, list, object, type Shape, type ShapeOf, text } from '../base/shape.js';

/** An operation on an app in dynosim's own API: `/dynosim/apps/:app/<path>`. */
export interface Operation<Request, Result> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly request: Shape<Request>;
  /** Whether it may wait for dynos or a release command. */
  readonly isSlow: boolean;
  /**
   * Checks the request's shape, then performs the operation.
   * @throws UserError `BAD_REQUEST`, or as the method of `AppControl`
   */
  perform(app: AppControl, sent: unknown): Promise<Result>;
}

const nothing: Shape<undefined> = () => undefined;

function get<Result>(path: string, call: (app: AppControl) => Promise<Result>): Operation<undefined, Result> {
  return { method: 'GET', path, request: nothing, isSlow: false, perform: call };
}

function post<Request, Result>(
  path: string,
  request: Shape<Request>,
  call: (app: AppControl, request: Request) => Promise<Result>,
  { isSlow = false } = {},
): Operation<Request, Result> {
  const perform = async (app: AppControl, sent: unknown) => call(app, request(sent, 'request'));
  return { method: 'POST', path, request, isSlow, perform };
}

/**
 * The operations of `AppControl` with one request and one response. The API's routes and its client both use this
 * table, so they cannot differ.
 */
export const OPERATIONS = {
  info: get('', (app) => app.info()),
  dynos: get('/dynos', (app) => app.dynos()),
  formation: get('/formation', (app) => app.formation()),
  scale: post('/scale', SCALE_REQUEST, (app, { changes }) => app.scale(changes)),
  restart: post('/restart', DYNO_TARGET, (app, target) => app.restart(target)),
  stopDynos: post('/stop-dynos', DYNO_TARGET, (app, target) => app.stopDynos(target)),
  signalDyno: post('/signal-dyno', SIGNAL_REQUEST, (app, request) => app.signalDyno(request)),
  runDetached: post('/run-detached', RUN_REQUEST, (app, request) => app.runDetached(request)),
  configVars: post('/config-vars', object({}, { version: count }), (app, { version }) =>
    app.configVars(version),
  ),
  setConfig: post('/set-config', CONFIG_CHANGES, (app, changes) => app.setConfig(changes), { isSlow: true }),
  releases: get('/releases', (app) => app.releases()),
  rollback: post('/rollback', object({}, { version: count }), (app, { version }) => app.rollback(version), {
    isSlow: true,
  }),
  release: post('/release', RELEASE_REQUEST, (app, request) => app.release(request), { isSlow: true }),
  slug: post('/slug', object({ id: text }), (app, { id }) => app.slug(id)),
  repoBytes: get('/repo-bytes', (app) => app.repoBytes()),
  deploy: post('/deploy', object({ dir: text }), (app, { dir }) => app.deploy(dir)),
  deployArchive: post('/deploy-archive', ARCHIVE_REQUEST, (app, archive) => app.deployArchive(archive)),
  purgeBuildCache: post('/purge-build-cache', nothing, (app) => app.purgeBuildCache()),
  builds: get('/builds', (app) => app.builds()),
  cancelBuild: post('/cancel-build', object({ id: text }), (app, { id }) => app.cancelBuild(id)),
  buildpacks: get('/buildpacks', (app) => app.buildpacks()),
  setBuildpacks: post('/set-buildpacks', object({ names: list(text) }), (app, { names }) =>
    app.setBuildpacks(names),
  ),
  domains: get('/domains', (app) => app.domains()),
  addDomain: post('/add-domain', object({ hostname: text }), (app, { hostname }) => app.addDomain(hostname)),
  removeDomain: post('/remove-domain', object({ hostname: text }), (app, { hostname }) =>
    app.removeDomain(hostname),
  ),
  setMaintenance: post('/maintenance', object({ isOn: flag }), (app, { isOn }) => app.setMaintenance(isOn)),
  features: get('/features', (app) => app.features()),
  feature: post('/feature', object({ name: text }), (app, { name }) => app.feature(name)),
  setFeature: post('/set-feature', object({ name: text, isEnabled: flag }), (app, { name, isEnabled }) =>
    app.setFeature(name, isEnabled),
  ),
  sleep: post('/sleep', nothing, (app) => app.sleep()),
  wake: post('/wake', nothing, (app) => app.wake()),
  report: get('/report', (app) => app.report()),
  resetReport: post('/reset-report', nothing, (app) => app.resetReport()),
  metrics: post('/metrics', METRICS_REQUEST, (app, { window }) => app.metrics(window)),
  quota: get('/quota', (app) => app.quota()),
  drains: get('/drains', (app) => app.drains()),
  addDrain: post('/add-drain', object({ url: text }), (app, { url }) => app.addDrain(url)),
  removeDrain: post('/remove-drain', object({ wanted: text }), (app, { wanted }) => app.removeDrain(wanted), {
    isSlow: true,
  }),
} as const;

export type OperationName = keyof typeof OPERATIONS;
export type RequestOf<Name extends OperationName> = ShapeOf<(typeof OPERATIONS)[Name]['request']>;
export type ResultOf<Name extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[Name]['perform']>>;
