import type { Command } from 'commander';
import { examples, plainCommand } from '../app-command.js';
import { layout, print, printJson, printLines } from '../output.js';

interface Flags {
  readonly json?: true;
}

export function createAddonsServicesCommand(): Command {
  const command = plainCommand('addons:services', 'list the services that dynosim has')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: Flags) => {
      const { SERVICE_NAMES, serviceOf } = await import('../../addons/services.js');
      const services = SERVICE_NAMES.map((name) => ({ name, humanName: serviceOf(name).humanName }));
      if (json) return printJson(services);
      const { formatTable } = await import('../format/table.js');
      const rows = services.map(({ name, humanName }) => [name, humanName]);
      printLines(formatTable({ header: ['Slug', 'Name'], rows }, layout().width));
      print('\nSee plans with dynosim addons:plans SERVICE');
    });
  return examples(command, 'addons:services');
}

export function createAddonsPlansCommand(): Command {
  const command = plainCommand('addons:plans', 'list the plans of a service')
    .argument('<service>', 'for example heroku-postgresql')
    .option('--json', 'print one JSON document')
    .action(async (service: string, { json }: Flags) => {
      const { findPlan, serviceOf } = await import('../../addons/services.js');
      const { service: name } = findPlan(service);
      const { plans, defaultPlan } = serviceOf(name);
      const all = Object.entries(plans).map(([plan, { cents }]) => ({
        name: `${name}:${plan}`,
        isDefault: plan === defaultPlan,
        cents,
      }));
      if (json) return printJson(all);
      const { hourlyPrice, monthlyPrice } = await import('../format/addons.js');
      const { formatTable } = await import('../format/table.js');
      const rows = all.map(({ name, isDefault, cents }) => [
        isDefault ? 'default' : '',
        name,
        hourlyPrice(cents),
        monthlyPrice(cents),
      ]);
      printLines(formatTable({ header: ['', 'Slug', 'Price', 'Max Price'], rows }, layout().width));
    });
  return examples(command, 'addons:plans heroku-postgresql');
}

interface PageFlags {
  readonly showUrl?: true;
}

/** Heroku has a page of its own for each add-on; dynosim opens the service's documentation for both. */
export function createAddonsDocsCommand(): Command {
  const command = plainCommand('addons:docs', "open a service's documentation", 'addons:open')
    .argument('<service>', 'a service, or an add-on by its name or attachment')
    .option('--show-url', 'print the address instead')
    .option('-a, --app <name>', "the add-on's app")
    .action(async (wanted: string, { showUrl, ...flags }: PageFlags & { readonly app?: string }) => {
      const { isServiceName, serviceOf } = await import('../../addons/services.js');
      const [name = ''] = wanted.split(':');
      const service = isServiceName(name) ? name : await serviceOfAddon(wanted, flags.app);
      const { docsUrl } = serviceOf(service);
      if (showUrl) return print(docsUrl);
      const { openBrowser } = await import('../browser.js');
      print(`Opening ${docsUrl}...`);
      await openBrowser(docsUrl, process.env, process.platform);
    });
  return examples(command, 'addons:docs heroku-postgresql --show-url');
}

async function serviceOfAddon(wanted: string, app: string | undefined) {
  const { findAddon } = await import('../addons/find.js');
  const { findPlan } = await import('../../addons/services.js');
  const { addon } = await findAddon({ dir: '.', ...(app !== undefined && { app }) }, wanted);
  return findPlan(addon.service).service;
}
