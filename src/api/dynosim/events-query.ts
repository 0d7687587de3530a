import { list, object, oneOf, type Shape, text } from '../../base/shape.js';
import { EVENT_KINDS, type EventsRequest } from '../control.js';

/** What `HostControl.events` takes. It is not in `host-events.ts`, because the dashboard's bundle has no use for it. */
export const EVENTS_REQUEST: Shape<EventsRequest> = object(
  {},
  { app: text, include: list(oneOf(...EVENT_KINDS)) },
);

/**
 * The reverse of `eventsPath`.
 * @throws UserError `BAD_REQUEST`
 */
export function readEventsQuery(query: URLSearchParams): EventsRequest {
  const include = query.get('include')?.split(',').filter(Boolean);
  return EVENTS_REQUEST({ app: query.get('app') ?? undefined, include }, 'request');
}
