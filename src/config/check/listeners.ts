import { join } from 'node:path';
import type { ProcessLine } from '../../procfile/parse.js';
import { textOf } from '../folder.js';
import { readImports } from './dependencies/imports.js';
import { neededPrograms, nodeEntries } from './dependencies/needed.js';
import { scriptsOf } from './scripts-of.js';

/** Programs that serve HTTP. */
const SERVERS =
  /^(?:gunicorn|uvicorn|hypercorn|daphne|waitress-serve|uwsgi|puma|unicorn|thin|rackup|http-server|serve|json-server|heroku-php-(?:apache2|nginx))$/;

export interface Listeners {
  /** Process types that seem to serve HTTP. */
  readonly listening: readonly ProcessLine[];
  /** Those of which the files do not tell. */
  readonly unknown: readonly ProcessLine[];
}

/** Which process types would listen: by $PORT in their command, by a known server, or because their source says so. */
export function listeners(dir: string, processes: readonly ProcessLine[]): Listeners {
  const scripts = scriptsOf(dir);
  const listening: ProcessLine[] = [];
  const unknown: ProcessLine[] = [];
  for (const line of processes) {
    const programs = neededPrograms([line], scripts);
    const files = nodeEntries(programs).map(({ file }) => file);
    const graph = readImports(dir, files);
    const sources = [...graph.files].map((file) => textOf(join(dir, file)));
    const isServer =
      /\$\{?PORT\b/.test(line.command) ||
      programs.some(({ name }) => SERVERS.test(name)) ||
      sources.some((text) => /process\.env\.PORT\b/.test(text) && /\.listen\(/.test(text));
    const isPlain = files.length > 0 && graph.files.size >= files.length;
    if (isServer) listening.push(line);
    else if (!isPlain || sources.some((text) => /\blisten\b|\bserve\b/i.test(text)) || !isOwn(graph.packages))
      unknown.push(line);
  }
  return { listening, unknown };
}

/** Whether only Node's modules are imported that cannot serve HTTP. A package may listen. */
function isOwn(packages: readonly { readonly specifier: string }[]): boolean {
  return packages.every(({ specifier }) =>
    /^(?:node:)?(?:fs|path|os|timers|events|util|url)(?:\/|$)/.test(specifier),
  );
}
