import type { EventsRequest, HostEvent } from '../control.js';
import { serverSentEvent } from '../server/server-sent.js';

/** `/dynosim/events?app=my-app&include=sleep,logs` */
export function eventsPath({ app, include }: EventsRequest): string {
  const query = new URLSearchParams({
    ...(app !== undefined && { app }),
    ...(include && { include: include.join(',') }),
  });
  return query.size === 0 ? '/dynosim/events' : `/dynosim/events?${query}`;
}

/**
 * Encodes a host event as a server-sent event. First come events that describe the current state, then `current`, then
 * changes. Times are ISO 8601, and what is undefined is null. Each has `app`, except for `current` and `clock`.
 * - `dyno`: `{"name","type","state","release","since","port","pid","size","command","restarts","memoryQuota"}`; state
 *   `gone` once it is no longer listed
 * - `release`: `{"version","status","description","created_at","current"}`
 * - `app`: `{"state"}`, `added` or `removed`
 * - `current`: `{"apps"}`, once
 *
 * The others are sent to readers that include their kind, `?include=sleep,clock,requests,metrics,marks,logs`:
 * - `sleep`: `{"state","since","sleepsAt","inFlight","isExhausted"}`, see `SleepView`
 * - `clock`: `{"speed","skippedMs","wall","platform"}`, see `ClockView`
 * - `request`: `{"at"}` and the keys of `RouterFacts`; `skipped`: `{"requests"}`, for those beyond 200 a second
 * - `metrics`: see `MetricsEvent`
 * - `mark`: `{"at","kind","text","dyno","count"}`, see `Mark`
 * - `log`: `{"lines":[{"at","source","dyno","line","brief"}],"skipped"}`, see `LogLine`
 */
export function encodeEvent({ event, ...data }: HostEvent): string {
  return serverSentEvent(toWire(data), event);
}

/** Keys whose values are times. */
const TIMES: ReadonlySet<string> = new Set(['since', 'createdAt', 'at', 'sleepsAt', 'wall', 'platform']);

/** Keys that differ from those of `HostEvent`, for the sake of older readers. */
const NAMES: Readonly<Record<string, string>> = { createdAt: 'created_at', isCurrent: 'current' };
const KEYS = Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [name, key]));

/** Keys whose null means undefined. */
const UNKNOWN: ReadonlySet<string> = new Set(['port', 'pid', 'memoryQuota', 'sleepsAt']);

function toWire(data: object): object {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const name = NAMES[key] ?? key;
      if (TIMES.has(key)) return [name, typeof value === 'number' ? new Date(value).toISOString() : null];
      return [name, key === 'lines' ? value.map(lineToWire) : (value ?? null)];
    }),
  );
}

function lineToWire(line: { readonly at: number }): object {
  return { ...line, at: new Date(line.at).toISOString() };
}

/** The reverse of `encodeEvent`, from an event's name and parsed data. */
export function decodeEvent(event: string, data: object): HostEvent {
  const fields = Object.entries(data).map(([name, value]) => {
    const key = KEYS[name] ?? name;
    if (TIMES.has(key)) return [key, value === null ? undefined : Date.parse(value)];
    if (key === 'lines') return [key, value.map(lineFromWire)];
    return [key, value === null && UNKNOWN.has(key) ? undefined : value];
  });
  return { event, ...Object.fromEntries(fields) };
}

function lineFromWire(line: { readonly at: string }): object {
  return { ...line, at: Date.parse(line.at) };
}
