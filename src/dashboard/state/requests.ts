import type { RequestView } from '../../apps/views.js';

/** Which requests to show: all that match every part that is set. */
export interface RequestFilter {
  /** `2xx`; empty for all. */
  readonly status: string;
  /** `H12`, or `any` for all with an error code; empty for all. */
  readonly code: string;
  /** Part of the path or the method. */
  readonly path: string;
  /** `web.1`; empty for all. */
  readonly dyno: string;
}

export const ALL_REQUESTS: RequestFilter = { status: '', code: '', path: '', dyno: '' };

export function matches(request: RequestView, { status, code, path, dyno }: RequestFilter): boolean {
  return (
    (status === '' || String(request.status).startsWith(status.slice(0, 1))) &&
    (code === '' || (code === 'any' ? request.code !== null : request.code === code)) &&
    (path === '' || `${request.method} ${request.path}`.toLowerCase().includes(path.toLowerCase())) &&
    (dyno === '' || request.dyno === dyno)
  );
}

/** The values of a field that requests have, sorted. */
export function valuesOf(requests: readonly RequestView[], field: 'code' | 'dyno'): readonly string[] {
  const values = new Set(requests.map((request) => request[field]));
  return [...values].filter((value) => value !== null).sort();
}

/** A command that makes the same request, without a body. */
export function asCurl({ method, path, userAgent }: RequestView, appUrl: string): string {
  // Not resolved against it: a path may begin with two slashes.
  const url = `${appUrl.replace(/\/$/, '')}${path.startsWith('/') ? path : '/'}`;
  const parts = [
    'curl',
    ...(method === 'GET' ? [] : method === 'HEAD' ? ['--head'] : ['-X', quoted(method)]),
    ...(userAgent === '' || userAgent.startsWith('curl/') ? [] : ['-A', quoted(userAgent)]),
    // Else curl would take brackets and braces for a pattern, and leave out what is before "..".
    ...(/[[\]{}]/.test(path) ? ['-g'] : []),
    ...(/\/\.\.?([/?]|$)/.test(path) ? ['--path-as-is'] : []),
    quoted(url),
  ];
  return parts.join(' ');
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
