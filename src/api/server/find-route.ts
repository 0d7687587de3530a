import type { Route } from '../route.js';
import { badRequest } from './errors.js';

/** Finds the route of a request, and the values of the `:names` in its path. */
export function findRoute<R extends Route>(
  routes: readonly R[],
  method: string,
  path: string,
): { readonly route: R; readonly params: Readonly<Record<string, string>> } | undefined {
  for (const route of routes) {
    const params = route.method === method ? match(route.path, path) : undefined;
    if (params) return { route, params };
  }
  return undefined;
}

/** The values of a pattern's `:names`, or undefined if the path does not match. */
function match(pattern: string, path: string): Record<string, string> | undefined {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const part = parts[index] ?? '';
    const [, key, ending = ''] = /^:(\w+)(.*)$/.exec(name) ?? [];
    if (key === undefined ? name !== part : !part.endsWith(ending)) return undefined;
    if (key !== undefined) params[key] = decode(part.slice(0, part.length - ending.length));
  }
  return params;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest('The path is not valid.');
  }
}
