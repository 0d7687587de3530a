import { formatSeconds } from '../../base/duration.js';
import type { Wake } from './wakes.js';

/** `woken by GET / (curl/8.5), held 5.4 s = 5.0 s delay + 0.4 s boot` */
export function describeWake({ cause, delayMs, bootMs, held }: Wake): string {
  const by = cause ? `${cause.method} ${cause.path}${agent(cause.userAgent)}` : 'hand';
  if (delayMs === undefined || bootMs === undefined) return `woken by ${by}, but the web dyno crashed`;
  const took = `${formatSeconds(delayMs + bootMs)} = ${formatSeconds(delayMs)} delay + ${formatSeconds(bootMs)} boot`;
  return `woken by ${by}, ${held === 0 ? 'after' : 'held'} ${took}`;
}

/** The name and version at the start of a user agent; the rest is a comment. */
function agent(userAgent: string): string {
  const [product = ''] = userAgent.split(' ');
  return product === '' ? '' : ` (${product})`;
}
