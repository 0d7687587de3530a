import { UserError } from '../../base/errors.js';
import { quote } from '../../base/wording.js';
import type { Settings } from '../driver.js';
import type { AddonRecord } from '../records.js';
import { limitsOf } from '../services.js';

/**
 * What Redis evicts when its memory is full, and Heroku's explanations.
 * https://devcenter.heroku.com/articles/heroku-redis#configuring-your-instance
 */
export const EVICTION_POLICIES = {
  noeviction: 'return errors when memory limit is reached',
  'allkeys-lfu': 'removes less frequently used keys first',
  'volatile-lfu': 'removes less frequently used keys first that have an expiry set',
  'allkeys-lru': 'removes less recently used keys first',
  'volatile-lru': 'removes less recently used keys first that have an expiry set',
  'allkeys-random': 'evicts random keys',
  'volatile-random': 'evicts random keys but only those that have an expiry set',
  'volatile-ttl': 'only evicts keys with an expiry set and a short TTL',
} as const;

type EvictionPolicy = keyof typeof EVICTION_POLICIES;

function isPolicy(name: string): name is EvictionPolicy {
  return Object.hasOwn(EVICTION_POLICIES, name);
}

/** What `redis:maxmemory`, `redis:timeout` and `redis:keyspace-notifications` set. */
export interface RedisSettings {
  readonly maxmemoryPolicy: EvictionPolicy;
  /** Seconds until an idle connection is closed; 0: never. */
  readonly timeout: number;
  /** As in `notify-keyspace-events`; empty: none. */
  readonly keyspaceEvents: string;
}

/** https://devcenter.heroku.com/articles/heroku-redis#configuring-your-instance */
export const DEFAULT_SETTINGS: RedisSettings = {
  maxmemoryPolicy: 'noeviction',
  timeout: 300,
  keyspaceEvents: '',
};

/** The settings of an add-on, from its record. */
export function settingsOf({ settings }: Pick<AddonRecord, 'settings'>): RedisSettings {
  const { policy = '', timeout, events = '' } = settings;
  return {
    maxmemoryPolicy: isPolicy(policy) ? policy : DEFAULT_SETTINGS.maxmemoryPolicy,
    timeout: timeout === undefined ? DEFAULT_SETTINGS.timeout : Number(timeout),
    keyspaceEvents: events,
  };
}

/** The record of changed settings. */
export function recordOf({ maxmemoryPolicy, timeout, keyspaceEvents }: RedisSettings): Settings {
  return { policy: maxmemoryPolicy, timeout: `${timeout}`, events: keyspaceEvents };
}

/** The largest value that Redis takes, in seconds. */
const MAX_TIMEOUT_S = 2 ** 31 - 1;

/** @throws UserError `BAD_REDIS_SETTING` */
export function checkSettings(changes: {
  readonly maxmemoryPolicy?: string;
  readonly timeout?: number;
  readonly keyspaceEvents?: string;
}): Partial<RedisSettings> {
  const { maxmemoryPolicy, timeout, keyspaceEvents } = changes;
  if (maxmemoryPolicy !== undefined && !isPolicy(maxmemoryPolicy)) {
    const known = Object.keys(EVICTION_POLICIES).join(', ');
    throw wrong(`There is no eviction policy ${quote(maxmemoryPolicy)}`, `Policies: ${known}.`);
  }
  if (timeout !== undefined && !(Number.isInteger(timeout) && timeout >= 0 && timeout <= MAX_TIMEOUT_S))
    throw wrong('A timeout is a whole number of seconds, 0 or more');
  // https://redis.io/docs/latest/develop/use/keyspace-notifications/
  if (keyspaceEvents !== undefined && !/^[KEg$lshztxemdnA]*$/.test(keyspaceEvents))
    throw wrong(`No keyspace events are written ${quote(keyspaceEvents)}`, 'Write for example AKE.');
  return {
    ...(maxmemoryPolicy !== undefined && isPolicy(maxmemoryPolicy) && { maxmemoryPolicy }),
    ...(timeout !== undefined && { timeout }),
    ...(keyspaceEvents !== undefined && { keyspaceEvents }),
  };
}

function wrong(message: string, hint?: string): UserError {
  return new UserError('BAD_REDIS_SETTING', message, hint);
}

/** What a server can change while it runs, in the names of Redis. */
export type LiveSettings = Readonly<Record<string, string>>;

/** @returns in the order in which they are to be set */
export function liveSettings(addon: AddonRecord): LiveSettings {
  const { connections = 10_000, bytes = 0, isVolatile } = limitsOf(addon);
  const { maxmemoryPolicy, timeout, keyspaceEvents } = settingsOf(addon);
  return {
    maxmemory: `${bytes}`,
    maxclients: `${connections}`,
    'maxmemory-policy': maxmemoryPolicy,
    timeout: `${timeout}`,
    'notify-keyspace-events': keyspaceEvents,
    appendonly: isVolatile ? 'no' : 'yes',
    // Last: the connection that sets all this has been made with the old one.
    requirepass: addon.settings.password ?? '',
  };
}
