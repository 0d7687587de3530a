import type * as Heroku from '@heroku-cli/schema';
import type { AppControl } from '../../apps/control.js';
import type { LogFilter } from '../../apps/requests.js';
import type { Time } from '../../base/clock.js';
import { crypto } from '../../base/crypto.js';
import { LOG_LIMITS } from '../../base/limits.js';
import { herokuLine, type LogEntry } from '../../logs/entry.js';
import { appRoute, bodyObject, ok, type Route } from '../route.js';
import { ApiError } from '../server/errors.js';
import { apiTime } from './time.js';

/** A session expires unless opened by then. https://devcenter.heroku.com/articles/platform-api-reference#log-session */
const OPEN_WITHIN_MS = 5 * 60_000;

interface LogSession {
  /** Real time, ms. */
  readonly createdAt: number;
  readonly app: AppControl;
  readonly filter: LogFilter;
}

/** Routes for an app's log as server-sent events. */
export function createLogRoutes({ real, wall }: Pick<Time, 'real' | 'wall'>): readonly Route[] {
  const sessions = new Map<string, LogSession>();
  const isFresh = (createdAt: number): boolean => real.now() - createdAt < OPEN_WITHIN_MS;
  return [
    appRoute('POST', '/log-sessions', ({ app, body, origin }) => {
      const filter = readFilter(body);
      const id = crypto().randomUUID();
      for (const [old, { createdAt }] of sessions) if (!isFresh(createdAt)) sessions.delete(old);
      sessions.set(id, { app, filter, createdAt: real.now() });
      const created = apiTime(wall());
      const url = `${origin}/log-stream/${id}?tail=${filter.tail}`;
      return ok(
        { created_at: created, id, logplex_url: url, updated_at: created } satisfies Heroku.LogSession,
        201,
      );
    }),
    {
      method: 'GET',
      path: '/log-stream/:id',
      access: 'secret path',
      events({ params, signal }) {
        const session = sessions.get(params.id ?? '');
        if (!session || !isFresh(session.createdAt))
          throw new ApiError(404, 'not_found', 'This log session has expired.');
        return stream(session, signal);
      },
    },
  ];
}

function readFilter(body: unknown): LogFilter {
  const { lines = 100, tail = false, source, dyno, dyno_name: name = dyno, type } = bodyObject({ body });
  return {
    lines: Math.min(Math.max(Math.trunc(Number(lines)) || 0, 0), LOG_LIMITS.history),
    tail: tail === true,
    ...(typeof source === 'string' && { source }),
    ...(typeof name === 'string' && { dyno: name }),
    ...(typeof type === 'string' && { type }),
  };
}

async function* stream({ app, filter }: LogSession, signal: AbortSignal): AsyncGenerator<string> {
  const batches = app.logs(filter, signal);
  // Otherwise Heroku's CLI would wait 3 s before it reconnects, and only then find that the log has ended.
  if (!filter.tail) yield 'retry: 1\n\n';
  for await (const entries of batches) yield entries.map(event).join('');
}

/** A carriage return in a line would end the event's line, so it is escaped. */
function event(entry: LogEntry): string {
  return `data: ${herokuLine(entry).replaceAll('\r', '\\r')}\n\n`;
}
