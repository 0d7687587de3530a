import type { HostEvent } from '../control.js';
import { serverSentEvent } from '../server/server-sent.js';

/**
 * Encodes a host event as a server-sent event:
 * - `dyno`: `{"app","name","type","state","release","port","pid","since"}`; state `gone` once it is no longer listed
 * - `release`: `{"app","version","status","description","created_at","current"}`
 * - `app`: `{"app","state"}`, `added` or `removed`
 * - `current`: `{"apps"}`, once: ends the events that describe the current state; changes follow
 */
export function encodeEvent({ event, ...data }: HostEvent): string {
  return serverSentEvent(toWire(data), event);
}

function toWire(data: object): object {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (key === 'since') return [key, isoTime(value)];
      if (key === 'createdAt') return ['created_at', isoTime(value)];
      return key === 'isCurrent' ? ['current', value] : [key, value ?? null];
    }),
  );
}

/** The reverse of `encodeEvent`, from an event's name and parsed data. */
export function decodeEvent(event: string, data: object): HostEvent {
  const fields = Object.entries(data).map(([key, value]) => {
    if (key === 'since') return [key, Date.parse(value)];
    if (key === 'created_at') return ['createdAt', Date.parse(value)];
    return key === 'current' ? ['isCurrent', value] : [key, value ?? undefined];
  });
  return { event, ...Object.fromEntries(fields) };
}

function isoTime(wall: number): string {
  return new Date(wall).toISOString();
}
