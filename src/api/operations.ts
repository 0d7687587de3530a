import type { AppControl } from '../apps/control.js';
import { CONFIG_CHANGES, DYNO_TARGET, RUN_REQUEST, SCALE_REQUEST } from '../apps/requests.js';
import { count, flag, object, type Shape, type ShapeOf, text } from '../base/shape.js';

/** An operation of an app as dynosim's own API has it: `/dynosim/apps/:app/<path>`. */
export interface Operation<Request, Result> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What has to be sent. */
  readonly request: Shape<Request>;
  /** It may take as long as dynos or a release command take. */
  readonly isSlow: boolean;
  /**
   * Does it, if what was sent has the shape of its request.
   * @throws UserError `BAD_REQUEST`, or as the method of `AppControl` does
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
 * The operations of `AppControl` that ask and answer once: the API's routes and its client are made of this table, so
 * that neither can know what the other does not.
 */
export const OPERATIONS = {
  info: get('', (app) => app.info()),
  dynos: get('/dynos', (app) => app.dynos()),
  formation: get('/formation', (app) => app.formation()),
  scale: post('/scale', SCALE_REQUEST, (app, { changes }) => app.scale(changes)),
  restart: post('/restart', DYNO_TARGET, (app, target) => app.restart(target)),
  stopDynos: post('/stop-dynos', DYNO_TARGET, (app, target) => app.stopDynos(target)),
  runDetached: post('/run-detached', RUN_REQUEST, (app, request) => app.runDetached(request)),
  configVars: post('/config-vars', object({}, { version: count }), (app, { version }) =>
    app.configVars(version),
  ),
  setConfig: post('/set-config', CONFIG_CHANGES, (app, changes) => app.setConfig(changes), { isSlow: true }),
  releases: get('/releases', (app) => app.releases()),
  rollback: post('/rollback', object({}, { version: count }), (app, { version }) => app.rollback(version), {
    isSlow: true,
  }),
  setMaintenance: post('/maintenance', object({ isOn: flag }), (app, { isOn }) => app.setMaintenance(isOn)),
  features: get('/features', (app) => app.features()),
  feature: post('/feature', object({ name: text }), (app, { name }) => app.feature(name)),
  setFeature: post('/set-feature', object({ name: text, isEnabled: flag }), (app, { name, isEnabled }) =>
    app.setFeature(name, isEnabled),
  ),
  sleep: post('/sleep', nothing, (app) => app.sleep()),
  wake: post('/wake', nothing, (app) => app.wake()),
  report: get('/report', (app) => app.report()),
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
