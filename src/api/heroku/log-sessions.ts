import { randomUUID } from 'node:crypto';
import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import type { Clock, Time } from '../../base/clock.js';
import { LOG_LIMITS } from '../../base/limits.js';
import { Broadcast } from '../../logs/broadcast.js';
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
  readonly lines: number;
  readonly isTail: boolean;
  readonly filter: LogFilter;
}

/** Which lines somebody wants: all that are given must match. */
interface LogFilter {
  /** `app` is what apps, API and add-ons say, `heroku` what the platform says; dynosim's remarks belong to neither. */
  readonly source?: string;
  /** `web.1`, or `web` for all of that type, or `router`. */
  readonly names: readonly string[];
}

/** Logs of an app as server-sent events. */
export function createLogRoutes({ real, wall }: Pick<Time, 'real' | 'wall'>): readonly Route[] {
  const sessions = new Map<string, LogSession>();
  const broadcasts = new Broadcasts(real);
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
        const url = `${request.origin}/log-stream/${id}?tail=${session.isTail}`;
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
        return serverSent(stream(session, broadcasts, signal, end), real);
      },
    },
  ];
}

function readSession(app: App, request: ApiRequest): Omit<LogSession, 'createdAt'> {
  const { lines = 100, tail = false, source, dyno, dyno_name, type } = bodyObject(request);
  const names = [dyno_name, dyno, type].filter((name) => typeof name === 'string');
  return {
    app,
    lines: Math.min(Math.max(Number(lines) || 0, 0), LOG_LIMITS.history),
    isTail: tail === true,
    filter: { names, ...(typeof source === 'string' && { source }) },
  };
}

function matches({ source, names }: LogFilter, entry: LogEntry): boolean {
  const { dyno } = entry;
  if (source !== undefined && entry.source !== source) return false;
  return names.every((name) => dyno === name || dyno.startsWith(`${name}.`));
}

/** Readers of one app who want the same lines share the work. */
class Broadcasts {
  readonly #clock: Clock;
  readonly #byFilter = new Map<string, Broadcast>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of({ id, logs }: App, filter: LogFilter): Broadcast {
    const key = JSON.stringify([id, filter.source, filter.names]);
    const known = this.#byFilter.get(key);
    if (known) return known;
    const broadcast = new Broadcast({
      clock: this.#clock,
      subscribe: (listener) => logs.subscribe(listener),
      matches: (entry) => matches(filter, entry),
      format: event,
      onUnread: () => this.#byFilter.delete(key),
    });
    this.#byFilter.set(key, broadcast);
    return broadcast;
  }
}

async function* stream(
  { app, lines, isTail, filter }: LogSession,
  broadcasts: Broadcasts,
  signal: AbortSignal,
  end: AbortSignal,
): AsyncGenerator<string | Buffer> {
  // Both in the same breath: what is written meanwhile is neither lost nor sent twice.
  const coming = isTail ? broadcasts.of(app, filter).follow(signal, end) : [];
  const recent = app.logs.recent(LOG_LIMITS.history).filter((entry) => matches(filter, entry));
  // A client that reads to the end would else wait before it believes that this is the end.
  if (!isTail) yield 'retry: 1\n\n';
  for (const entry of lines === 0 ? [] : recent.slice(-lines)) yield event(entry);
  yield* coming;
}

/** A control character in a line could end the event: they are told apart by their code. */
function event(entry: LogEntry): string {
  return `data: ${herokuLine(entry).replaceAll('\r', '\\r')}\n\n`;
}
