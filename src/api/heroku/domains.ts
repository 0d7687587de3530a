import type { AppView, DomainView } from '../../apps/views.js';
import { nullable, object, text } from '../../base/shape.js';
import { type AppRequest, appRoute, ok, type Route } from '../route.js';
import { notFound } from '../server/errors.js';
import { appReference } from './apps.js';
import { notSimulated } from './not-simulated.js';
import { apiTime } from './time.js';

/** https://devcenter.heroku.com/articles/platform-api-reference#domain */
function serializeDomain(app: AppView, { id, hostname, kind, createdAt }: DomainView) {
  const created = apiTime(createdAt);
  return {
    acm_status: null,
    acm_status_reason: null,
    app: appReference(app),
    // Heroku's CLI calls it the DNS target: the name under which the router answers without any DNS.
    cname: kind === 'custom' ? `${app.name}.localhost` : null,
    created_at: created,
    hostname,
    id,
    kind,
    sni_endpoint: null,
    // There is nothing to wait for.
    status: 'none',
    updated_at: created,
  };
}

/** By host name or id. */
async function domainOf({ app, params }: AppRequest): Promise<DomainView> {
  const wanted = params.domain?.toLowerCase();
  const found = (await app.domains()).find(({ id, hostname }) => id === wanted || hostname === wanted);
  if (found) return found;
  throw notFound('domain name');
}

const NEW_DOMAIN = object({ hostname: text }, { sni_endpoint: nullable(text) });

async function addDomain({ app, view, body }: AppRequest) {
  const { hostname, sni_endpoint: certificate } = NEW_DOMAIN(body, 'request');
  requireNone(certificate, view);
  return ok(serializeDomain(view, await app.addDomain(hostname)), 201);
}

const UPDATE = object({ sni_endpoint: nullable(text) });

/** `domains:update` gives a domain another certificate. There is none but those of the router itself. */
async function updateDomain(request: AppRequest) {
  const { sni_endpoint: certificate } = UPDATE(request.body, 'request');
  requireNone(certificate, request.view);
  return ok(serializeDomain(request.view, await domainOf(request)));
}

/** @throws ApiError 501 */
function requireNone(certificate: string | null | undefined, { name }: AppView): void {
  if (certificate) throw notSimulated('POST', `/apps/${name}/sni-endpoints`);
}

export const domainRoutes: readonly Route[] = [
  appRoute('GET', '/domains', async ({ app, view }) =>
    ok((await app.domains()).map((domain) => serializeDomain(view, domain))),
  ),
  appRoute('POST', '/domains', addDomain),
  appRoute('GET', '/domains/:domain', async (request) =>
    ok(serializeDomain(request.view, await domainOf(request))),
  ),
  appRoute('PATCH', '/domains/:domain', updateDomain),
  appRoute('DELETE', '/domains/:domain', async (request) => {
    const { hostname } = await domainOf(request);
    return ok(serializeDomain(request.view, await request.app.removeDomain(hostname)));
  }),
];
