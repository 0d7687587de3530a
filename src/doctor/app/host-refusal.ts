import type { Reply } from './request.js';

/** What frameworks say if they are asked under a name that they do not know: Django, Rails, Vite, webpack, and others. */
const REFUSAL =
  /invalid http_host|disallowedhost|blocked hosts?\b|blocked request\. this host|invalid host|host .{0,80}is not allowed|host not allowed|unknown host|unrecognized host/i;

/** Whether an answer says that the app refuses the name by which it is asked. */
export function isHostRefusal(reply: Reply): boolean {
  return reply.at === 'answered' && reply.status >= 400 && reply.status < 500 && REFUSAL.test(reply.body);
}
