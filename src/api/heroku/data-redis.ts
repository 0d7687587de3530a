import type { RedisView } from '../../addons/control.js';
import { redisInfoRows } from '../../addons/redis/info-rows.js';
import { DEFAULT_SETTINGS, EVICTION_POLICIES } from '../../addons/redis/settings.js';
import { number, object, text } from '../../base/shape.js';
import { type ApiRequest, json, ok, type Route } from '../route.js';
import { missingResource } from '../server/errors.js';
import { apiTime } from './time.js';

/** The API of Heroku Key-Value Store. It is not documented: these are the parts that Heroku's CLI reads. */

const REDIS = '/redis/v0/databases/:addon';

/** By name or ID. @throws ApiError 404 */
async function redisOf({ control, params }: ApiRequest): Promise<RedisView> {
  const found = await control.addons.find(params.addon ?? '');
  if (found?.service === 'heroku-redis') return control.addons.redis.info(found.id);
  throw missingResource('add-on', 'add_on');
}

function serialize(view: RedisView) {
  const { addon, url, server } = view;
  const { id, name, plan, createdAt } = addon;
  return {
    addon_id: id,
    created_at: apiTime(createdAt),
    formation: { id, primary: null },
    info: redisInfoRows(view).map(([row, value]) => ({ name: row, values: [value] })),
    metaas_source: name,
    name,
    plan,
    port: url === '' ? null : Number(new URL(url).port),
    prefer_native_tls: true,
    resource_url: url,
    version: server?.version.split(' ')[1] ?? null,
  };
}

function serializeConfig({ maxmemoryPolicy, timeout, keyspaceEvents }: RedisView) {
  return {
    maxmemory_policy: {
      default: DEFAULT_SETTINGS.maxmemoryPolicy,
      desc: 'How keys are evicted when the memory is full.',
      value: maxmemoryPolicy,
      values: EVICTION_POLICIES,
    },
    notify_keyspace_events: {
      default: DEFAULT_SETTINGS.keyspaceEvents,
      desc: 'Which keyspace events are published.',
      value: keyspaceEvents,
    },
    timeout: {
      default: DEFAULT_SETTINGS.timeout,
      desc: 'Seconds after which an idle connection is closed; 0: never.',
      value: timeout,
    },
  };
}

const CONFIG = object({}, { maxmemory_policy: text, timeout: number, notify_keyspace_events: text });

async function configure(request: ApiRequest) {
  const { maxmemory_policy, timeout, notify_keyspace_events } = CONFIG(request.body, 'request');
  const { addon } = await redisOf(request);
  const changed = await request.control.addons.redis.configure({
    addon: addon.id,
    ...(maxmemory_policy !== undefined && { maxmemoryPolicy: maxmemory_policy }),
    ...(timeout !== undefined && { timeout }),
    ...(notify_keyspace_events !== undefined && { keyspaceEvents: notify_keyspace_events }),
  });
  return ok(serializeConfig(changed));
}

export const redisRoutes: readonly Route[] = [
  json('GET', REDIS, async (request) => ok(serialize(await redisOf(request)))),
  json('GET', `${REDIS}/wait`, async (request) => {
    const { addon } = await redisOf(request);
    const isWaiting = addon.state === 'provisioning';
    return ok({ message: isWaiting ? 'creating' : 'available', 'waiting?': isWaiting });
  }),
  json('GET', `${REDIS}/config`, async (request) => ok(serializeConfig(await redisOf(request)))),
  json('PATCH', `${REDIS}/config`, configure),
  json('POST', `${REDIS}/credentials_rotation`, async (request) => {
    const { addon } = await redisOf(request);
    return ok(serialize(await request.control.addons.redis.rotate(addon.id)));
  }),
  json('POST', `${REDIS}/stats/reset`, async (request) => {
    const { addon } = await redisOf(request);
    await request.control.addons.redis.resetStats(addon.id);
    return ok({ message: 'Stats reset successful.' });
  }),
];
