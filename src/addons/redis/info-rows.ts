import type { RedisView } from './control.js';

/** A row of `redis:info`. */
export type InfoRow = readonly [name: string, value: string];

const MB = 1024 ** 2;

/** The rows of `redis:info`. https://devcenter.heroku.com/articles/heroku-redis#redis-info */
export function redisInfoRows(view: RedisView): readonly InfoRow[] {
  const { addon, server, keepsData, keyspaceEvents, maxConnections, maxBytes } = view;
  return [
    ['Plan', planName(addon.plan)],
    ['Status', server ? 'Available' : 'Unavailable'],
    ['Created', new Date(addon.createdAt).toISOString().slice(0, 16).replace('T', ' ')],
    ...(server ? ([['Version', server.version]] as const) : []),
    ['Timeout', `${view.timeout}`],
    ['Maxmemory', view.maxmemoryPolicy],
    ['Maintenance', 'not required'],
    ['Persistence', keepsData ? 'AOF' : 'None'],
    ['HA Status', 'Unavailable'],
    ['Requires TLS', 'Yes'],
    ['Keyspace Notifications', keyspaceEvents === '' ? 'Disabled' : keyspaceEvents],
    ...(server
      ? ([
          ['Connections', `${server.connections}/${maxConnections}`],
          ['Memory', `${(server.bytes / MB).toFixed(1)} MB / ${maxBytes / MB} MB`],
          ['Keys', `${server.keys}`],
        ] as const)
      : []),
  ];
}

/** `premium-0` as Heroku shows it: `Premium 0`. */
function planName(plan: string): string {
  return plan.replaceAll(
    /(^|-)(\w)/g,
    (_, dash: string, first: string) => `${dash && ' '}${first.toUpperCase()}`,
  );
}
