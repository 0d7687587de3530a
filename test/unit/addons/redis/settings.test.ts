import { expect, test } from 'vitest';
import type { AddonRecord } from '../../../../src/addons/records.js';
import { configText } from '../../../../src/addons/redis/config-file.js';
import { newPassword } from '../../../../src/addons/redis/secrets.js';
import {
  checkSettings,
  DEFAULT_SETTINGS,
  liveSettings,
  recordOf,
  settingsOf,
} from '../../../../src/addons/redis/settings.js';

function addon(plan: string, settings: Readonly<Record<string, string>> = {}): AddonRecord {
  const at = '2026-11-28T00:00:00.000Z';
  const place = {
    id: '1',
    name: 'redis-clear-54321',
    service: 'heroku-redis',
    app: 'a',
    port: 4711,
  } as const;
  return { ...place, plan, state: 'provisioned', created_at: at, updated_at: at, settings };
}

test('mini keeps nothing, and has 25 MB and 20 connections', () => {
  expect(liveSettings(addon('mini', { password: 'p1' }))).toEqual({
    maxmemory: '26214400',
    maxclients: '20',
    'maxmemory-policy': 'noeviction',
    timeout: '300',
    'notify-keyspace-events': '',
    appendonly: 'no',
    requirepass: 'p1',
  });
});

test('premium keeps everything', () => {
  const { appendonly, maxclients, maxmemory } = liveSettings(addon('premium-0'));
  expect({ appendonly, maxclients, maxmemory }).toEqual({
    appendonly: 'yes',
    maxclients: '40',
    maxmemory: '52428800',
  });
});

test('settings survive their record, and a new add-on has the defaults', () => {
  const changed = { maxmemoryPolicy: 'allkeys-lru', timeout: 0, keyspaceEvents: 'AKE' } as const;
  expect(settingsOf(addon('mini', recordOf(changed)))).toEqual(changed);
  expect(settingsOf(addon('mini'))).toEqual(DEFAULT_SETTINGS);
});

test.each([
  [{ maxmemoryPolicy: 'all' }, /no eviction policy `all`/],
  [{ timeout: -1 }, /whole number of seconds/],
  [{ timeout: 1.5 }, /whole number of seconds/],
  [{ keyspaceEvents: 'A K' }, /keyspace events/],
])('%o is refused', (changes, message) => {
  expect(() => checkSettings(changes)).toThrow(message);
});

test('a password is like those of Heroku', () => {
  expect(newPassword()).toMatch(/^p[0-9a-f]{64}$/);
  expect(newPassword()).not.toBe(newPassword());
});

test('the configuration quotes every value', () => {
  const live = { ...liveSettings(addon('mini', { password: 'p1' })), 'notify-keyspace-events': 'A"K\\' };
  const text = configText({ port: 4711, authorityFile: '/a b/ca.crt', configCommand: 'config-1', live });
  expect(text).toMatchInlineSnapshot(`
    "bind "127.0.0.1" "-::1"
    port "0"
    tls-port "4711"
    tls-cert-file "../server.crt"
    tls-key-file "../server.key"
    tls-ca-cert-file "/a b/ca.crt"
    tls-auth-clients "no"
    dir "data"
    daemonize "no"
    always-show-logo "no"
    save ""
    appendfsync "no"
    rename-command "CONFIG" "config-1"
    maxmemory "26214400"
    maxclients "20"
    maxmemory-policy "noeviction"
    timeout "300"
    notify-keyspace-events "A\\"K\\\\"
    appendonly "no"
    requirepass "p1"
    "
  `);
});
