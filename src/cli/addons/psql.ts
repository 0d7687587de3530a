import { UserError } from '../../base/errors.js';
import { loadPrograms } from '../../base/process.js';

/**
 * The environment in which PostgreSQL's clients reach a database: a password must not be in a process list.
 * @param url `postgres://user:password@host:port/database`
 */
export function clientEnv(url: string): NodeJS.ProcessEnv {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port || '5432',
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
    PGSSLMODE: process.env.PGSSLMODE ?? 'require',
    PGAPPNAME: 'psql dynosim',
  };
}

/**
 * Runs this machine's psql on the terminal. While it runs, Ctrl-C is its own.
 * @returns its exit status
 * @throws UserError `NO_PSQL` in the words of Heroku's CLI
 */
export async function runPsql(url: string, args: readonly string[]): Promise<number> {
  const { run } = await loadPrograms();
  const ignore = (): void => {};
  process.on('SIGINT', ignore);
  try {
    const share = ['stdin', 'stdout', 'stderr'] as const;
    const { status, failure } = await run(['psql', ...args], { env: clientEnv(url), share }).finished;
    if (failure !== 'ENOENT') return status;
  } finally {
    process.off('SIGINT', ignore);
  }
  throw new UserError(
    'NO_PSQL',
    'The local psql command could not be located.',
    'For help installing psql, see https://devcenter.heroku.com/articles/heroku-postgresql#local-setup',
  );
}

/** The queries that run: those of `heroku pg:ps`. */
export function runningQueries(isVerbose: boolean): string {
  return `SELECT pid, state, application_name AS source, usename AS username, age(now(), xact_start) AS running_for,
  xact_start AS transaction_start, wait_event IS NOT NULL AS waiting, query
FROM pg_stat_activity
WHERE query <> '<insufficient privilege>'${isVerbose ? '' : " AND state <> 'idle'"} AND pid <> pg_backend_pid()
ORDER BY query_start DESC`;
}
