import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { App } from '../../../src/apps/app.js';
import type { Host, NewApp } from '../../../src/host/host.js';
import { addTestApp, startTestHost } from '../../helpers/start-host.js';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed if it is JSON. */
  readonly body: unknown;
}

export interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent unchanged, instead of `body`. */
  readonly raw?: string;
}

/** Sends a request to a host's control API with the right token. */
export async function call(host: Host, method: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { body, headers = {}, raw = body === undefined ? undefined : JSON.stringify(body) } = asked;
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    const asking = request(
      new URL(path, host.apiUrl),
      { method, agent: false, headers: { Authorization: 'Bearer secret', ...headers } },
      resolve,
    );
    asking.once('error', reject);
    asking.end(raw);
  });
  const received = await text(response);
  const isJson = response.headers['content-type'] === 'application/json';
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: isJson ? JSON.parse(received) : received,
  };
}

/** A host with one app named `demo`. */
export async function startDemo(
  files: Readonly<Record<string, string>>,
  options: Partial<NewApp> = {},
): Promise<{ host: Host; app: App }> {
  const host = await startTestHost();
  return { host, app: await addTestApp(host, 'demo', files, options) };
}

/** Resolves when no dyno of the app is starting or stopping. */
export function settled(app: App): Promise<void> {
  return app.supervisor.settled();
}

export const SLEEPERS = { Procfile: 'web: exec sleep 1000\nworker: exec sleep 1000\n', '.env': 'A=1\n' };
