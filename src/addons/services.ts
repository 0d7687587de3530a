import { UserError } from '../base/errors.js';
import { printable } from '../base/wording.js';

/** The limits of a plan. Left out: it has no such limit. */
export interface PlanLimits {
  /** Enforced. */
  readonly connections?: number;
  /** Of data or, for Redis, memory, which is enforced. */
  readonly bytes?: number;
  readonly tables?: number;
  /** Data is gone when the server starts anew. */
  readonly isVolatile?: true;
}

interface Plan {
  /** US cents a month. */
  readonly cents: number;
  readonly limits: PlanLimits;
}

export interface Service {
  /** What people call it. */
  readonly humanName: string;
  /** The beginning of generated names: `postgresql-round-12345`. */
  readonly prefix: string;
  /** The name of an app's first attachment: `DATABASE`. */
  readonly attachment: string;
  /** The beginning of the names of others, before a color: `HEROKU_POSTGRESQL`. */
  readonly colored: string;
  /** What its config vars end with: `URL`. Empty for a service without config vars. */
  readonly suffixes: readonly string[];
  readonly docsUrl: string;
  /** What Heroku says when one is created. */
  readonly message?: string;
  readonly plans: Readonly<Record<string, Plan>>;
  readonly defaultPlan: string;
}

const GB = 1024 ** 3;
const MB = 1024 ** 2;

/**
 * The services that dynosim has. Plans, prices and limits:
 * https://devcenter.heroku.com/articles/heroku-postgres-plans, https://elements.heroku.com/addons/heroku-redis,
 * https://devcenter.heroku.com/articles/scheduler
 */
const SERVICES = {
  'heroku-postgresql': {
    humanName: 'Heroku Postgres',
    prefix: 'postgresql',
    attachment: 'DATABASE',
    colored: 'HEROKU_POSTGRESQL',
    suffixes: ['URL'],
    docsUrl: 'https://devcenter.heroku.com/articles/heroku-postgresql',
    message: 'Database should be available soon',
    plans: {
      'essential-0': { cents: 500, limits: { connections: 20, bytes: GB, tables: 4000 } },
      'essential-1': { cents: 900, limits: { connections: 20, bytes: 10 * GB, tables: 4000 } },
      'essential-2': { cents: 2000, limits: { connections: 40, bytes: 32 * GB, tables: 4000 } },
      'standard-0': { cents: 5000, limits: { connections: 120, bytes: 64 * GB } },
    },
    defaultPlan: 'essential-0',
  },
  'heroku-redis': {
    humanName: 'Heroku Key-Value Store',
    prefix: 'redis',
    attachment: 'REDIS',
    colored: 'HEROKU_REDIS',
    suffixes: ['URL'],
    docsUrl: 'https://devcenter.heroku.com/articles/heroku-redis',
    plans: {
      mini: { cents: 300, limits: { connections: 20, bytes: 25 * MB, isVolatile: true } },
      'premium-0': { cents: 1500, limits: { connections: 40, bytes: 50 * MB } },
    },
    defaultPlan: 'mini',
  },
  scheduler: {
    humanName: 'Heroku Scheduler',
    prefix: 'scheduler',
    attachment: 'SCHEDULER',
    colored: 'SCHEDULER',
    suffixes: [],
    docsUrl: 'https://devcenter.heroku.com/articles/scheduler',
    plans: { standard: { cents: 0, limits: {} } },
    defaultPlan: 'standard',
  },
} as const satisfies Record<string, Service>;

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES: readonly ServiceName[] = Object.keys(SERVICES).filter(isServiceName);

export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(SERVICES, name);
}

export function serviceOf(name: ServiceName): Service {
  return SERVICES[name];
}

/** The limits of an add-on's plan. */
export function limitsOf({ service, plan }: ChosenPlan): PlanLimits {
  return serviceOf(service).plans[plan]?.limits ?? {};
}

export interface ChosenPlan {
  readonly service: ServiceName;
  readonly plan: string;
}

/**
 * Finds a plan by its name: `heroku-postgresql:essential-0`, or a service for its default plan.
 * @throws UserError `NO_SUCH_PLAN` in Heroku's words
 */
export function findPlan(wanted: string): ChosenPlan {
  const [service = '', plan] = wanted.split(':');
  if (isServiceName(service)) {
    const { plans, defaultPlan } = serviceOf(service);
    const name = plan ?? defaultPlan;
    if (Object.hasOwn(plans, name)) return { service, plan: name };
  }
  throw new UserError(
    'NO_SUCH_PLAN',
    `Couldn't find either the add-on service or the add-on plan of "${printable(wanted)}".`,
    `dynosim has ${SERVICE_NAMES.map(describePlans).join('; ')}.`,
  );
}

function describePlans(service: ServiceName): string {
  return `${service} (${Object.keys(serviceOf(service).plans).join(', ')})`;
}
