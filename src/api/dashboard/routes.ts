import { object, text } from '../../base/shape.js';
import { json, ok, type Route, type TextAnswer } from '../route.js';
import { bearerOf, HOST } from '../server/access.js';
import { badRequest, forbidden, notFound } from '../server/errors.js';
import { isForDashboard } from './allowed.js';
import { readPage } from './pages.js';
import type { DashboardSessions } from './sessions.js';
import type { SessionProof } from './wire.js';

const MAX_NONCE = 200;

/** The dashboard's page, and the way in: see wire.ts. */
export function createDashboardRoutes(sessions: DashboardSessions): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/dashboard',
      access: 'public',
      isLinkable: true,
      page: ({ origin }) => redirect(homeOf(origin)),
    },
    {
      method: 'GET',
      path: '/dashboard/',
      access: 'public',
      isLinkable: true,
      page: (request) => {
        const home = homeOf(request.origin);
        return request.origin === home ? readPage('index.html', request) : redirect(home);
      },
    },
    {
      method: 'GET',
      path: '/dashboard/:file',
      access: 'public',
      page: (request) => readPage(request.params.file ?? '', request),
    },
    json('POST', '/dynosim/dashboard-codes', () => ok({ code: sessions.makeCode() }, 201)),
    json(
      'POST',
      '/dashboard/session',
      ({ body }) => ok(sessions.begin(object({ code: text })(body, 'request').code), 201),
      'public',
    ),
    json(
      'GET',
      '/dashboard/session/:id/proof',
      ({ params, query, headers }) => {
        const nonce = query.get('nonce') ?? '';
        if (nonce === '' || nonce.length > MAX_NONCE) throw badRequest('The nonce is missing or too long.');
        const proof = sessions.prove(params.id ?? '', headers.host ?? '', nonce);
        if (proof === undefined) throw notFound('session', 'Run "dynosim dashboard" again.');
        return ok({ proof } satisfies SessionProof);
      },
      'public',
    ),
    json('DELETE', '/dashboard/session', ({ headers }) => {
      sessions.end(bearerOf(headers));
      return ok({});
    }),
  ];
}

/**
 * The one origin of the page. `localhost` may lead to [::1], where another program can listen on the same port: a page that
 * was loaded from there could hand its token to that program.
 */
function homeOf(origin: string): string {
  return origin.replace('//localhost:', `//${HOST}:`);
}

/** Browsers take the fragment along. */
function redirect(home: string): TextAnswer {
  return { status: 302, headers: { Location: `${home}/dashboard/`, 'Content-Type': 'text/plain' }, text: '' };
}

/** Opens the routes that the page needs to its sessions. What it reads of a stream ends with its session. */
export function openToSessions(routes: readonly Route[], sessions: DashboardSessions): readonly Route[] {
  return routes.map((route) => {
    if (route.access !== 'token') return route;
    const admits: Route['admits'] = (headers) => {
      if (!sessions.find(bearerOf(headers))) return false;
      if (isForDashboard(route)) return true;
      throw forbidden('The dashboard may not do this.');
    };
    if (!('events' in route)) return { ...route, admits };
    return {
      ...route,
      admits,
      events(request) {
        const over = sessions.watch(bearerOf(request.headers), request.signal);
        return route.events(over ? { ...request, signal: AbortSignal.any([request.signal, over]) } : request);
      },
    };
  });
}
