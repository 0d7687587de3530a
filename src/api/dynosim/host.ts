import { FIRST_DEPLOY } from '../../apps/requests.js';
import { number, object, text } from '../../base/shape.js';
import type { Attachments } from '../attach/attachments.js';
import { isTerminalSize } from '../attach/terminal-size.js';
import type { HostEvent } from '../control.js';
import type { InstanceSecrets } from '../instance-secrets.js';
import { bodyObject, json, ok, type Route } from '../route.js';
import { invalidParams } from '../server/errors.js';
import { readEventsQuery } from './events-query.js';
import { encodeEvent } from './host-events.js';

/**
 * Serves `HostControl` over HTTP, for `api/client/remote-host.ts`.
 * @param attachments holds dynos that wait for their clients
 * @param secrets by which clients know this dynosim
 */
export const createHostRoutes = (attachments: Attachments, { proof }: InstanceSecrets): readonly Route[] => [
  json('GET', '/dynosim/proof', () => ok({ proof })),
  json('GET', '/dynosim/host', async ({ control }) => ok(await control.info())),
  json('GET', '/dynosim/apps', async ({ control }) => ok(await control.apps())),
  json('POST', '/dynosim/apps', async ({ control, body }) =>
    ok(await control.createApp(object({}, { name: text, firstDeploy: FIRST_DEPLOY })(body, 'request'))),
  ),
  json('POST', '/dynosim/apps/:app/rename', async ({ control, params, body }) => {
    const { to } = object({ to: text })(body, 'request');
    return ok(await control.renameApp(params.app ?? '', to));
  }),
  json('DELETE', '/dynosim/apps/:app', async ({ control, params }) => {
    await control.destroyApp(params.app ?? '');
    return ok({});
  }),
  json('GET', '/dynosim/clock', async ({ control }) => ok(await control.clock())),
  json('POST', '/dynosim/clock/advance', async ({ control, body }) => {
    const { ms } = object({ ms: number })(body, 'request');
    return ok(await control.advanceClock(ms));
  }),
  json('POST', '/dynosim/terminals/:terminal', (request) => {
    const { columns, rows } = bodyObject(request);
    const size = { columns, rows };
    if (!isTerminalSize(size)) throw invalidParams('The body needs "columns" and "rows".');
    attachments.resize(request.params.terminal ?? '', size);
    return ok({});
  }),
  json('POST', '/dynosim/stop', async ({ control }) => {
    await control.stop();
    return ok({}, 202);
  }),
  {
    method: 'GET',
    path: '/dynosim/events',
    access: 'token',
    async events({ control, query, signal }) {
      const wanted = readEventsQuery(query);
      // An unknown app is an error, not a stream without events.
      if (wanted.app !== undefined) await control.app(wanted.app);
      return encoded(control.events(signal, wanted));
    },
  },
];

async function* encoded(events: AsyncIterable<HostEvent>): AsyncGenerator<string> {
  for await (const event of events) yield encodeEvent(event);
}
