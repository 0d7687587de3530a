import type { RequestTimeline, RouterFacts } from '../../src/logs/entry.js';

/** Of a request that ended at once, without a dyno. */
export const NO_TIME: RequestTimeline = {
  queuedMs: 0,
  delayMs: 0,
  bootMs: 0,
  connectMs: 0,
  firstByteMs: null,
  bodyMs: null,
  totalMs: 0,
};

/** The facts of a request that was answered at once. */
const ROUTER_FACTS: RouterFacts = {
  method: 'GET',
  path: '/',
  status: 200,
  code: null,
  dyno: 'web.1',
  connectMs: 0,
  serviceMs: 5,
  bytes: 2,
  requestId: 'bf6476e1-ab1b-20f1-b4b8-dcb74b959e3d',
  client: '127.0.0.1',
  userAgent: 'curl/8.5.0',
  isHeld: false,
  timeline: { ...NO_TIME, firstByteMs: 4, bodyMs: 1, totalMs: 5 },
};

/** The facts of a request that took so long. */
export function factsOf(totalMs: number, more: Partial<RouterFacts> = {}): RouterFacts {
  return { ...ROUTER_FACTS, timeline: { ...ROUTER_FACTS.timeline, totalMs }, ...more };
}
