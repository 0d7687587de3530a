import { promises } from 'node:fs';
import type { BackupScheduleView, PostgresView, TransferView } from '../../addons/control.js';
import { postgresInfoRows } from '../../addons/postgres/info-rows.js';
import { BACKUP_SCHEDULE, RESTORE_REQUEST } from '../../addons/requests.js';
import { count, either, list, nullable, object, text } from '../../base/shape.js';
import { type ApiRequest, type JsonAnswer, json, ok, type Route } from '../route.js';
import { missingResource, notFound } from '../server/errors.js';
import { apiTime } from './time.js';

/** The API of Heroku Postgres. It is not documented: these are the parts that Heroku's CLI reads. */

const DATABASE = '/client/v11/databases/:addon';
const TRANSFERS = '/client/v11/apps/:app/transfers';

/** Its CLI authenticates with a password here. */
const CREDENTIALS = '/postgres/v0/databases/:addon';

/** The only user that a database has. */
const DEFAULT = 'default';

/** By name or ID. @throws ApiError 404 */
async function databaseOf({ control, params }: ApiRequest): Promise<PostgresView> {
  const found = await control.addons.find(params.addon ?? '');
  if (found?.service === 'heroku-postgresql') return control.addons.postgres.info(found.id);
  throw missingResource('add-on', 'add_on');
}

function serialize(view: PostgresView) {
  const { addon, url, server, major } = view;
  const isWaiting = addon.state === 'provisioning';
  return {
    addon_id: addon.id,
    created_at: apiTime(addon.createdAt),
    database_name: url === '' ? null : new URL(url).pathname.slice(1),
    following: null,
    forked_from: null,
    info: postgresInfoRows(view).map(([name, value]) => ({ name, values: [value] })),
    name: addon.name,
    num_bytes: server?.bytes ?? 0,
    num_connections: server?.connections ?? 0,
    num_tables: server?.tables ?? 0,
    plan: addon.plan,
    postgres_version: server?.version ?? major,
    resource_url: url,
    'waiting?': isWaiting,
  };
}

/** A user of a database. */
function serializeCredential({ addon, url }: PostgresView) {
  const { username, password, hostname, port, pathname } = new URL(url);
  return {
    name: DEFAULT,
    state: 'active',
    database: pathname.slice(1),
    host: hostname,
    port: Number(port),
    credentials: [{ user: username, password, state: 'active' }],
    uuid: addon.id,
  };
}

async function credential(request: ApiRequest) {
  const view = await databaseOf(request);
  const { name = DEFAULT } = request.params;
  if (name !== DEFAULT || view.url === '') throw notFound('credential');
  return serializeCredential(view);
}

async function rotate(request: ApiRequest): Promise<JsonAnswer> {
  await credential(request);
  const { addon } = await databaseOf(request);
  await request.control.addons.postgres.rotate(addon.id);
  return ok({ message: 'Credentials rotated.' });
}

const RESET = object({}, { extensions: nullable(list(text)) });

async function reset(request: ApiRequest): Promise<JsonAnswer> {
  const { extensions } = RESET(request.body ?? {}, 'request');
  const { addon } = await databaseOf(request);
  await request.control.addons.postgres.reset(addon.id, extensions ?? []);
  return ok({ message: 'Reset successful.' });
}

function serializeTransfer(view: TransferView) {
  const { kind, addon, problem, finishedAt } = view;
  const isBackup = kind === 'backup';
  const end = finishedAt === null ? null : apiTime(finishedAt);
  return {
    uuid: view.id,
    num: view.number,
    from_name: isBackup ? addon : 'BACKUP',
    // By them, the CLI tells backups from restores.
    from_type: isBackup ? 'pg_dump' : 'htio',
    from_url: null,
    to_name: isBackup ? 'BACKUP' : addon,
    to_type: isBackup ? 'gof3r' : 'pg_restore',
    to_url: isBackup ? `${BACKUP}${view.id}` : null,
    created_at: apiTime(view.startedAt),
    started_at: apiTime(view.startedAt),
    updated_at: end ?? apiTime(view.startedAt),
    finished_at: end,
    canceled_at: null,
    succeeded: finishedAt === null ? null : problem === null,
    processed_bytes: view.bytes,
    source_bytes: view.bytes,
    warnings: 0,
    schedule: null,
    options: {},
    logs: problem === null ? [] : [{ created_at: end, message: problem }],
  };
}

/** Of databases that an app owns. */
async function transfersOf({ control, params }: ApiRequest): Promise<readonly TransferView[]> {
  const app = (await control.apps()).find(({ id, name }) => [id, name].includes(params.app ?? ''));
  if (!app) throw notFound('app');
  return (await control.addons.postgres.transfers()).filter((one) => one.app === app.name);
}

/** By number or ID. @throws ApiError 404 */
async function transferOf(request: ApiRequest): Promise<TransferView> {
  const { transfer } = request.params;
  const all = await transfersOf(request);
  const found = all.find(({ id, number }) => id === transfer || String(number) === transfer);
  if (!found) throw notFound('backup');
  return found;
}

/** Where anybody who knows the ID may read a backup. */
const BACKUP = '/dynosim/backups/';

const RESTORE = object({ backup_url: text }, { extensions: nullable(list(text)) });

async function restore(request: ApiRequest): Promise<JsonAnswer> {
  const { addon } = await databaseOf(request);
  const { backup_url } = RESTORE(request.body, 'request');
  const own = backup_url.split(BACKUP)[1];
  const wanted = { addon: addon.id, from: own ?? backup_url };
  return ok(
    serializeTransfer(await request.control.addons.postgres.restore(RESTORE_REQUEST(wanted, 'request'))),
    201,
  );
}

function serializeSchedule({ id, name, hour, timezone }: BackupScheduleView) {
  return { uuid: id, name, hour, timezone };
}

/** The CLI sends the hour as it was typed: `02`. */
const SCHEDULE = object({ hour: either(text, count), timezone: text, schedule_name: text });

async function schedule(request: ApiRequest): Promise<JsonAnswer> {
  const { addon } = await databaseOf(request);
  const { hour, timezone, schedule_name: name } = SCHEDULE(request.body, 'request');
  const wanted = { addon: addon.id, name, hour: Number(hour), timezone };
  const made = await request.control.addons.postgres.scheduleBackups(BACKUP_SCHEDULE(wanted, 'request'));
  return ok(serializeSchedule(made), 201);
}

export const postgresRoutes: readonly Route[] = [
  json('GET', DATABASE, async (request) => ok(serialize(await databaseOf(request)))),
  json('GET', `${DATABASE}/wait_status`, async (request) => {
    const { addon } = await databaseOf(request);
    const isWaiting = addon.state === 'provisioning';
    return ok({ message: isWaiting ? 'creating' : 'available', 'waiting?': isWaiting });
  }),
  json('PUT', `${DATABASE}/reset`, reset),
  json('POST', `${DATABASE}/connection_reset`, async (request) => {
    const { addon } = await databaseOf(request);
    await request.control.addons.postgres.killAll(addon.id);
    return ok({ message: 'Connections terminated.' });
  }),
  json('POST', `${DATABASE}/backups`, async (request) => {
    const { addon } = await databaseOf(request);
    return ok(serializeTransfer(await request.control.addons.postgres.capture(addon.id)), 201);
  }),
  json('POST', `${DATABASE}/restores`, restore),
  json('GET', `${DATABASE}/transfer-schedules`, async (request) => {
    const { addon } = await databaseOf(request);
    const schedules = await request.control.addons.postgres.backupSchedules(addon.id);
    return ok(schedules.map(serializeSchedule));
  }),
  json('POST', `${DATABASE}/transfer-schedules`, schedule),
  json('DELETE', `${DATABASE}/transfer-schedules/:schedule`, async (request) => {
    const { addon } = await databaseOf(request);
    const { schedule: id = '' } = request.params;
    return ok(serializeSchedule(await request.control.addons.postgres.unscheduleBackups(addon.id, id)));
  }),
  json('GET', TRANSFERS, async (request) => ok((await transfersOf(request)).map(serializeTransfer))),
  json('GET', `${TRANSFERS}/:transfer`, async (request) => ok(serializeTransfer(await transferOf(request)))),
  json('DELETE', `${TRANSFERS}/:transfer`, async (request) => {
    const { id } = await transferOf(request);
    return ok(serializeTransfer(await request.control.addons.postgres.removeBackup(id)));
  }),
  json('POST', `${TRANSFERS}/:transfer/actions/public-url`, async (request) => {
    const { id } = await transferOf(request);
    // Its CLI fetches with TLS only, which this port speaks, too.
    const origin = request.origin.replace(/^http:/, 'https:');
    return ok({ url: `${origin}${BACKUP}${id}` }, 201);
  }),
  json('GET', `${CREDENTIALS}/credentials`, async (request) => ok([await credential(request)]), 'password'),
  json(
    'GET',
    `${CREDENTIALS}/credentials/:name`,
    async (request) => ok(await credential(request)),
    'password',
  ),
  json('POST', `${CREDENTIALS}/credentials_rotation`, rotate, 'password'),
  json('POST', `${CREDENTIALS}/credentials/:name/credentials_rotation`, rotate, 'password'),
  {
    method: 'GET',
    path: `${BACKUP}:backup`,
    access: 'secret path',
    async raw({ control, params }) {
      const all = await control.addons.postgres.transfers();
      const found = all.find(({ id, kind }) => id === params.backup && kind === 'backup');
      if (!found || found.finishedAt === null || found.problem !== null) throw notFound('backup');
      // Before the head of the answer: a file that is gone is no backup.
      const file = await promises.open(found.file).catch(() => {
        throw notFound('backup');
      });
      return {
        status: 200,
        headers: { 'Content-Type': 'application/octet-stream', 'Content-Length': String(found.bytes) },
        stream: file.createReadStream(),
      };
    },
  },
];
