import { EXEC_REQUEST, LOG_FILTER, RUN_REQUEST } from '../../apps/requests.js';
import { count, text } from '../../base/shape.js';
import { type LogEntry, toLogLine } from '../../logs/entry.js';
import type { Attachments } from '../attach/attachments.js';
import { serveAttachment } from '../attach/server.js';
import { OPERATIONS, type Operation } from '../operations.js';
import { type ApiRequest, json, ok, type Route } from '../route.js';
import { badRequest, notFound } from '../server/errors.js';
import { serverSentEvent } from '../server/server-sent.js';

const APP = '/dynosim/apps/:app';

const appOf = ({ control, params }: ApiRequest) => control.app(params.app ?? '');

/**
 * Serves `AppControl` over HTTP, for `api/client/remote-app.ts`.
 * @param attachments holds dynos that wait for their clients
 */
export function createAppRoutes(attachments: Attachments): readonly Route[] {
  return [
    ...Object.values(OPERATIONS).map(operationRoute),
    json('POST', `${APP}/run-attached`, async (request) => {
      const wanted = RUN_REQUEST(request.body, 'request');
      const waiting = await (await appOf(request)).runAttached(wanted);
      const hasTerminal = wanted.terminal !== undefined;
      const id = attachments.add({ ...waiting, hasTerminal, terminal: '' });
      return ok({ dyno: waiting.dyno, id });
    }),
    {
      method: 'GET',
      path: '/dynosim/attach/:id',
      access: 'token',
      async upgrade({ params }, socket, head) {
        const pending = attachments.take(params.id ?? '');
        if (!pending) throw notFound('dyno');
        await serveAttachment(socket, head, await attachments.attach(pending));
      },
    },
    {
      method: 'GET',
      path: `${APP}/attach`,
      access: 'token',
      async upgrade(request, socket, head) {
        const dyno = text(request.query.get('dyno') ?? undefined, 'dyno');
        await serveAttachment(socket, head, await (await appOf(request)).attach(dyno));
      },
    },
    {
      method: 'GET',
      path: `${APP}/exec`,
      access: 'token',
      async upgrade(request, socket, head) {
        const wanted = EXEC_REQUEST(parseJson(request.query.get('request') ?? '', 'request'), 'request');
        await serveAttachment(socket, head, await (await appOf(request)).exec(wanted));
      },
    },
    {
      method: 'GET',
      path: `${APP}/logs`,
      access: 'token',
      async events(request) {
        const { query, signal } = request;
        const filter = LOG_FILTER(parseJson(query.get('filter') ?? '', 'filter'), 'filter');
        return inJson(withBrief((await appOf(request)).logs(filter, signal)));
      },
    },
    {
      method: 'GET',
      path: `${APP}/build-output`,
      access: 'token',
      async events(request) {
        const { query, signal } = request;
        const output = (await appOf(request)).buildOutput(query.get('id') ?? '', signal);
        return inJson(output);
      },
    },
    {
      method: 'GET',
      path: `${APP}/release-output`,
      access: 'token',
      async events(request) {
        const { query, signal } = request;
        const version = count(Number(query.get('version')), 'version');
        return inJson((await appOf(request)).releaseOutput(version, signal));
      },
    },
  ];
}

function operationRoute({ method, path, perform }: Operation<unknown, unknown>): Route {
  return json(method, `${APP}${path}`, async (request) =>
    // JSON has no undefined.
    ok((await perform(await appOf(request), request.body)) ?? null),
  );
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`The ${what} is not JSON.`);
  }
}

/** The short forms of lines as text. */
async function* withBrief(batches: AsyncIterable<readonly LogEntry[]>) {
  for await (const entries of batches) yield entries.map(toLogLine);
}

async function* inJson(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield serverSentEvent(value);
}
