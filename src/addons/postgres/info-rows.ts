import type { PostgresView } from './control.js';

/** A row of `pg:info`. */
export type InfoRow = readonly [name: string, value: string];

const MB = 1024 ** 2;

/** The rows of `pg:info`. https://devcenter.heroku.com/articles/managing-heroku-postgres-using-cli#pg-info */
export function postgresInfoRows(view: PostgresView): readonly InfoRow[] {
  const { addon, server, maxConnections } = view;
  return [
    ['Plan', addon.plan],
    ['Status', statusOf(view)],
    ...(server ? ([['Connections', outOf(server.connections, maxConnections)]] as const) : []),
    ...(server ? ([['PG Version', server.version]] as const) : []),
    ['Created', new Date(addon.createdAt).toISOString().slice(0, 16).replace('T', ' ')],
    ...(server ? ([['Data Size', size(server.bytes, view.maxBytes)]] as const) : []),
    ...(server ? ([['Tables', share(server.tables, view.maxTables)]] as const) : []),
    ['Fork/Follow', 'Unsupported'],
    ['Rollback', 'Unsupported'],
    ['Continuous Protection', 'Off'],
  ];
}

function statusOf({ addon, server }: PostgresView): string {
  if (addon.state === 'provisioning') return 'Creating';
  return server ? 'Available' : 'Unavailable';
}

function outOf(value: number, most: number | null): string {
  return most === null ? `${value}` : `${value}/${most}`;
}

function share(value: number, most: number | null): string {
  return most === null ? `${value}` : `${value}/${most} (${percent(value, most)})`;
}

/** `8.6 MB / 1 GB (0.84%)` */
function size(bytes: number, most: number | null): string {
  const used = bytes < 1024 * MB ? `${(bytes / MB).toFixed(1)} MB` : `${(bytes / MB / 1024).toFixed(2)} GB`;
  return most === null ? used : `${used} / ${most / MB / 1024} GB (${percent(bytes, most)})`;
}

function percent(value: number, most: number): string {
  return `${Number(((100 * value) / most).toFixed(2))}%`;
}
