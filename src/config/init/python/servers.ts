/** The commands of Python's web servers. */

import type { Module } from './modules.js';

/** What a server serves. */
export interface ServedApp extends Module {
  readonly kind: 'wsgi' | 'asgi';
  /** The name in the module: of the app, or of a function without arguments that makes it. */
  readonly name: string;
  readonly isFactory: boolean;
}

interface Server {
  /** The Python package. */
  readonly name: string;
  readonly kinds: readonly ServedApp['kind'][];
  readonly write: (app: ServedApp) => string;
}

/** The best come first. */
const SERVERS: readonly Server[] = [
  {
    // It listens on $PORT by itself. https://docs.gunicorn.org/en/stable/settings.html#bind
    name: 'gunicorn',
    kinds: ['wsgi'],
    write: (app) => `gunicorn ${option('--chdir', app.folder)}${callable(app)}`,
  },
  {
    name: 'uvicorn',
    kinds: ['asgi'],
    write: (app) =>
      `uvicorn ${option('--app-dir', app.folder)}${app.isFactory ? '--factory ' : ''}${target(app)} --host 0.0.0.0 --port $PORT`,
  },
  {
    name: 'waitress',
    kinds: ['wsgi'],
    write: (app) => `${path(app)}waitress-serve --port=$PORT ${app.isFactory ? '--call ' : ''}${target(app)}`,
  },
  {
    name: 'hypercorn',
    kinds: ['wsgi', 'asgi'],
    write: (app) => `${path(app)}hypercorn ${callable(app)} --bind 0.0.0.0:$PORT`,
  },
  {
    name: 'daphne',
    kinds: ['asgi'],
    write: (app) => `${path(app)}daphne -b 0.0.0.0 -p $PORT ${target(app)}`,
  },
];

/** The command of the best server that the app requires; undefined if it requires none that can serve it. */
export function serverFor(
  app: ServedApp,
  packages: ReadonlySet<string>,
): { readonly command: string; readonly server: string } | undefined {
  const server = SERVERS.find(({ name, kinds }) => packages.has(name) && kinds.includes(app.kind));
  return server && { command: server.write(app), server: server.name };
}

function target({ module, name }: ServedApp): string {
  return `${module}:${name}`;
}

/** A factory needs parentheses, and these need quotes. gunicorn looks for `application` itself. */
function callable(app: ServedApp): string {
  if (app.isFactory) return `'${target(app)}()'`;
  return app.name === 'application' ? app.module : target(app);
}

function option(flag: string, folder: string): string {
  return folder === '' ? '' : `${flag} ${folder} `;
}

/** For servers without an option for it. */
function path({ folder }: ServedApp): string {
  return folder === '' ? '' : `PYTHONPATH=${folder} `;
}
