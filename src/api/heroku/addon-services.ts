import {
  findPlan,
  isServiceName,
  SERVICE_NAMES,
  type ServiceName,
  serviceOf,
} from '../../addons/services.js';
import { idOf } from '../../base/ids.js';
import { json, ok, type Route } from '../route.js';
import { notFound } from '../server/errors.js';
import { apiTime } from './time.js';

/** Services and plans have always existed. */
const CREATED = apiTime(0);

/** A service as other resources refer to it. */
export function serviceReference(name: string) {
  return { id: idOf('addon-service', name), name };
}

/** A plan as other resources refer to it. @param name `heroku-postgresql:essential-0` */
export function planReference(name: string) {
  return { id: idOf('plan', name), name };
}

/** https://devcenter.heroku.com/articles/platform-api-reference#add-on-service */
function serializeService(name: ServiceName) {
  return {
    ...serviceReference(name),
    cli_plugin_name: null,
    created_at: CREATED,
    human_name: serviceOf(name).humanName,
    state: 'ga',
    supported_generations: [{ id: idOf('generation'), name: 'cedar' }],
    supports_multiple_installations: true,
    supports_sharing: true,
    updated_at: CREATED,
  };
}

/**
 * https://devcenter.heroku.com/articles/platform-api-reference#plan
 * @param name `heroku-postgresql:essential-0`
 * @throws UserError `NO_SUCH_PLAN`
 */
export function serializePlan(name: string) {
  const { service, plan } = findPlan(name);
  const { plans, defaultPlan, humanName } = serviceOf(service);
  const cents = plans[plan]?.cents ?? 0;
  return {
    ...planReference(`${service}:${plan}`),
    addon_service: serviceReference(service),
    compliance: [],
    created_at: CREATED,
    default: plan === defaultPlan,
    description: `${humanName} ${humanPlan(plan)}`,
    human_name: humanPlan(plan),
    installable_inside_private_network: false,
    installable_outside_private_network: true,
    price: { cents, contract: false, metered: false, unit: 'month' },
    space_default: false,
    state: 'ga',
    updated_at: CREATED,
    visible: true,
  };
}

/** `essential-0` → `Essential 0` */
function humanPlan(plan: string): string {
  return plan.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
}

/** By name or ID. */
function serviceNamed(wanted: string | undefined): ServiceName {
  const found = SERVICE_NAMES.find((name) => wanted === name || wanted === serviceReference(name).id);
  if (found && isServiceName(found)) return found;
  throw notFound('add-on service');
}

const listPlans = (service: ServiceName) =>
  Object.keys(serviceOf(service).plans).map((plan) => serializePlan(`${service}:${plan}`));

export const addonServiceRoutes: readonly Route[] = [
  json('GET', '/addon-services', () => ok(SERVICE_NAMES.map(serializeService))),
  json('GET', '/addon-services/:service', ({ params }) => ok(serializeService(serviceNamed(params.service)))),
  json('GET', '/addon-services/:service/plans', ({ params }) => ok(listPlans(serviceNamed(params.service)))),
  json('GET', '/addon-services/:service/plans/:plan', ({ params }) => {
    const plan = params.plan ?? '';
    const name = plan.includes(':') ? plan : `${serviceNamed(params.service)}:${plan}`;
    return ok(serializePlan(name));
  }),
  json('GET', '/plans/:plan', ({ params }) => ok(serializePlan(params.plan ?? ''))),
];
