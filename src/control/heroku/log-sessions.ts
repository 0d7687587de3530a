import { randomUUID } from 'node:crypto';
import type * as Heroku from '@heroku-cli/schema';
import type { App } from '../../apps/app.js';
import type { Time } from '../../base/clock.js';
import { LOG_LIMITS } from '../../base/limits.js';
import { herokuLine, type LogEntry } from '../../logs/entry.js';
import { ApiError } from '../errors.js';
import { type ApiRequest, bodyObject, ok, type Route } from '../route.js';
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
  readonly matches: (entry: LogEntry) => boolean;
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
        return {
          status: 200,
          headers: { 'Content-Type': 'text/event-stream' },
          stream: stream(session, signal, end),
        };
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
    matches: (entry) => isOfSource(entry, source) && names.every((name) => isOfDyno(entry, name)),
  };
}

/** `app` is what apps, API and add-ons say, `heroku` what the platform says; dynosim's remarks belong to neither. */
function isOfSource(entry: LogEntry, source: unknown): boolean {
  return typeof source !== 'string' || entry.source === source;
}

/** `web.1`, or `web` for all of that type, or `router`. */
function isOfDyno({ dyno }: LogEntry, name: string): boolean {
  return dyno === name || dyno.startsWith(`${name}.`);
}

async function* stream(
  { app, lines, isTail, matches }: LogSession,
  signal: AbortSignal,
  end: AbortSignal,
): AsyncGenerator<string> {
  // Both in the same breath: what is written meanwhile is neither lost nor sent twice.
  const coming = isTail ? app.logs.follow(signal, end) : [];
  const recent = app.logs.recent(LOG_LIMITS.history).filter(matches);
  // A client that reads to the end would else wait before it believes that this is the end.
  if (!isTail) yield 'retry: 1\n\n';
  for (const entry of lines === 0 ? [] : recent.slice(-lines)) yield event(entry);
  for await (const entry of coming) if (matches(entry)) yield event(entry);
}

/** A control character in a line could end the event: they are told apart by their code. */
function event(entry: LogEntry): string {
  return `data: ${herokuLine(entry).replaceAll('\r', '\\r')}\n\n`;
}
