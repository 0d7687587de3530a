import { randomUUID } from 'node:crypto';
import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import { readLog } from '../../apps/read-log.js';
import type { LogFilter } from '../../apps/requests.js';
import type { Time } from '../../base/clock.js';
import { LOG_LIMITS } from '../../base/limits.js';
import { herokuLine, type LogEntry } from '../../logs/entry.js';
import { type ApiRequest, bodyObject, ok, type Route } from '../route.js';
import { ApiError } from '../server/errors.js';
import { serverSent } from '../server/server-sent.js';
import { appOf } from './apps.js';
import { apiTime } from './time.js';

/** A session must be opened by then. https://devcenter.heroku.com/articles/platform-api-reference#log-session */
const OPEN_WITHIN_MS = 5 * 60_000;

interface LogSession {
  /** Real time, ms. */
  readonly createdAt: number;
  readonly app: App;
  readonly filter: LogFilter;
}

/** Logs of an app as server-sent events. */
export function createLogRoutes({ real, wall }: Pick<Time, 'real' | 'wall'>): readonly Route[] {
  const sessions = new Map<string, LogSession>();
  const isFresh = (createdAt: number): boolean => real.now() - createdAt < OPEN_WITHIN_MS;
  return [
    {
      method: 'POST',
      path: '/apps/:app/log-sessions',
      handler(control, request) {
        const session = { ...readSession(appOf(control, request), request), createdAt: real.now() };
        const id = randomUUID();
        for (const [old, { createdAt }] of sessions) if (!isFresh(createdAt)) sessions.delete(old);
        sessions.set(id, session);
        const created = apiTime(wall());
        const url = `${request.origin}/log-stream/${id}?tail=${session.filter.tail}`;
        return ok(
          { created_at: created, id, logplex_url: url, updated_at: created } satisfies Heroku.LogSession,
          201,
        );
      },
    },
    {
      method: 'GET',
      path: '/log-stream/:id',
      // The id is the secret.
      isOpen: true,
      handler(_control, { params, signal, end }) {
        const session = sessions.get(params.id ?? '');
        if (!session || !isFresh(session.createdAt))
          throw new ApiError(404, 'not_found', 'This log session has expired.');
        return serverSent(stream(session, signal, end), real);
      },
    },
  ];
}

function readSession(app: App, request: ApiRequest): Omit<LogSession, 'createdAt'> {
  const { lines = 100, tail = false, source, dyno, dyno_name: name = dyno, type } = bodyObject(request);
  const filter: LogFilter = {
    lines: Math.min(Math.max(Number(lines) || 0, 0), LOG_LIMITS.history),
    tail: tail === true,
    ...(typeof source === 'string' && { source }),
    ...(typeof name === 'string' && { dyno: name }),
    ...(typeof type === 'string' && { type }),
  };
  return { app, filter };
}

async function* stream({ app, filter }: LogSession, ...ends: readonly AbortSignal[]): AsyncGenerator<string> {
  const batches = readLog(app.logs, filter, ...ends);
  // A client that reads to the end would else wait before it believes that this is the end.
  if (!filter.tail) yield 'retry: 1\n\n';
  for await (const entries of batches) yield entries.map(event).join('');
}

/** A control character in a line could end the event: they are told apart by their code. */
function event(entry: LogEntry): string {
  return `data: ${herokuLine(entry).replaceAll('\r', '\\r')}\n\n`;
}
