import type { AddonView, AttachmentView } from '../../addons/control.js';
import { planOf } from '../../addons/resolve.js';
import { findPlan, serviceOf } from '../../addons/services.js';
import { formatPairs, formatTable } from './table.js';

/** Heroku counts months of 720 hours. */
const HOURS = 720;

/** What a plan costs on Heroku, as its CLI says it: `~$0.007/hour`. */
export function hourlyPrice(cents: number): string {
  return cents === 0 ? 'free' : `~$${(cents / 100 / HOURS).toFixed(3)}/hour`;
}

/** `$5/month` */
export function monthlyPrice(cents: number): string {
  if (cents === 0) return 'free';
  return `$${cents % 100 === 0 ? cents / 100 : (cents / 100).toFixed(2)}/month`;
}

/** `~$0.007/hour (max $5/month)` */
export function priceText(cents: number): string {
  return cents === 0 ? 'free' : `${hourlyPrice(cents)} (max ${monthlyPrice(cents)})`;
}

/** @param plan `heroku-postgresql:essential-0` */
export function centsOf(plan: string): number {
  const chosen = findPlan(plan);
  return serviceOf(chosen.service).plans[chosen.plan]?.cents ?? 0;
}

/** The states in the words of Heroku's CLI. */
const STATES: Readonly<Record<AddonView['state'], string>> = {
  provisioning: 'creating',
  provisioned: 'created',
  deprovisioning: 'destroying',
  deprovisioned: 'errored',
};

/** The add-ons of an app and what it has attached, with all attachments of each. */
export function formatAddonsOf(
  app: string,
  addons: readonly AddonView[],
  attachments: readonly AttachmentView[],
  width?: number,
): readonly string[] {
  const isHere = (addon: AddonView): boolean =>
    addon.app === app || attachments.some((one) => one.addon === addon.name && one.app === app);
  const shown = addons.filter(isHere);
  if (shown.length === 0) return [`No add-ons for app ${app}.`];
  const rows = shown.flatMap((addon) => {
    const cents = centsOf(planOf(addon));
    const price =
      addon.app === app
        ? [hourlyPrice(cents), monthlyPrice(cents)]
        : [`(billed to ${addon.app} app)`, `(billed to ${addon.app} app)`];
    const attached = attachments.filter((one) => one.addon === addon.name);
    return [
      [`${addon.service} (${addon.name})`, addon.plan, ...price, STATES[addon.state]],
      ...attached.map((one, index) => [branch(one, app, index === attached.length - 1), '', '', '', '']),
    ];
  });
  const table = { header: ['Add-on', 'Plan', 'Price', 'Max Price', 'State'], rows, flexible: 'Add-on' };
  return [
    ...formatTable(table, width),
    '',
    `The table above shows add-ons and the attachments to the current app (${app}) or other apps.`,
  ];
}

/** `└─ as DATABASE`, `├─ as HEROKU_POSTGRESQL_PINK on other-app app` */
function branch({ name, app }: AttachmentView, here: string, isLast: boolean): string {
  return `${isLast ? '└─' : '├─'} as ${name}${app === here ? '' : ` on ${app} app`}`;
}

/** The add-ons of all apps. */
export function formatAllAddons(addons: readonly AddonView[], width?: number): readonly string[] {
  if (addons.length === 0) return ['No add-ons.'];
  const rows = addons.map((addon) => {
    const cents = centsOf(planOf(addon));
    const prices = [hourlyPrice(cents), monthlyPrice(cents)];
    return [addon.app, addon.name, planOf(addon), ...prices, STATES[addon.state]];
  });
  const header = ['Owning App', 'Add-on', 'Plan', 'Price', 'Max Price', 'State'];
  return formatTable({ header, rows, flexible: 'Add-on' }, width);
}

/** One add-on, as `addons:info` of Heroku's CLI describes it. */
export function formatAddon(addon: AddonView, attachments: readonly AttachmentView[]): readonly string[] {
  const cents = centsOf(planOf(addon));
  const attached = attachments.filter((one) => one.addon === addon.name);
  return formatPairs([
    ['Plan', planOf(addon)],
    ['Price', hourlyPrice(cents)],
    ['Max Price', monthlyPrice(cents)],
    ['Attachments', attached.map(({ app, name }) => `${app}::${name}`).join(', ')],
    ['Owning app', addon.app],
    ['Installed at', new Date(addon.createdAt).toString()],
    ['State', STATES[addon.state]],
    ...(addon.problem === undefined ? [] : [['Problem', addon.problem] as const]),
  ]);
}
