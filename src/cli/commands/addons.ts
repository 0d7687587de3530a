import type { Command } from 'commander';
import type { AddonView } from '../../addons/control.js';
import { appCommand, appCommandWithJson, connectTo, examples, type JsonFlags } from '../app-command.js';
import { requireConfirmed } from '../confirm.js';
import { type AppFlags, connectToAny } from '../connect.js';
import { action, appName, heading, layout, print, printJson, printLines, say } from '../output.js';

interface ListFlags extends JsonFlags {
  readonly all?: true;
}

export function createAddonsCommand(): Command {
  const command = appCommandWithJson('addons', 'list the add-ons of an app')
    .option('-A, --all', 'list those of all apps of this dynosim')
    .action(async ({ all, json, ...flags }: ListFlags) => {
      if (all) return listAll(flags, json);
      const { app, host } = await connectTo(flags);
      if (json) return printJson(await host.addonsAsHeroku(app.name));
      const { formatAddonsOf } = await import('../format/addons.js');
      const [addons, attachments] = await Promise.all([host.addons.list(), host.addons.attachments()]);
      for (const line of formatAddonsOf(app.name, addons, attachments, layout().width)) say(line);
    });
  return examples(command, 'addons', 'addons --all');
}

/** Lists the add-ons of all apps: no one app must be found. */
async function listAll(flags: AppFlags, json: boolean | undefined): Promise<void> {
  const isNamed = flags.app !== undefined || flags.remote !== undefined;
  const { host } = (isNamed ? undefined : await connectToAny(flags)) ?? (await connectTo(flags));
  if (json) return printJson(await host.addonsAsHeroku());
  const { formatAllAddons } = await import('../format/addons.js');
  printLines(formatAllAddons(await host.addons.list(), layout().width));
}

interface CreateFlags extends AppFlags {
  readonly as?: string;
  readonly name?: string;
  readonly confirm?: string;
  readonly wait?: true;
}

export function createAddonsCreateCommand(): Command {
  const command = appCommand('addons:create', 'give an app a database, Redis or a scheduler')
    .argument('<service:plan>', 'see "addons:services" and "addons:plans"')
    .argument('[options...]', 'options of the service, after --: -- --version=16')
    .option('--as <name>', 'the name of its attachment, with which its config vars begin')
    .option('--name <name>', 'its name (default: a generated one)')
    .option('--confirm <app>', "the app's name: allow it to hide config vars that are set")
    .option('--wait', 'wait until it is ready')
    .action(async (plan: string, words: readonly string[], flags: CreateFlags) => {
      const [{ readServiceOptions }, { centsOf, priceText }] = await Promise.all([
        import('../addons/service-options.js'),
        import('../format/addons.js'),
      ]);
      const options = readServiceOptions(words);
      // Before anything is looked up: a plan that does not exist needs no running app.
      const price = priceText(centsOf(plan));
      const { app, host } = await connectTo(flags);
      const { as, name, confirm } = flags;
      const request = {
        app: app.name,
        plan,
        options,
        ...(as !== undefined && { as }),
        ...(name !== undefined && { name }),
        ...(confirm !== undefined && { confirm }),
      };
      const made = await action(
        `Creating ${plan} on ${appName(app)}`,
        () => host.addons.create(request),
        () => '',
        price,
      );
      const { serviceOf, findPlan } = await import('../../addons/services.js');
      const { message } = serviceOf(findPlan(plan).service);
      if (message !== undefined) say(message);
      if (flags.wait) await waitFor(made, () => host.addons.settled(made.id));
      else {
        say(`${made.name} is being created in the background. The app will restart when complete...`);
        say(`Run dynosim addons:info ${made.name} to check creation progress.`);
      }
      say(`Run dynosim addons:docs ${made.service} to view documentation.`);
    });
  return examples(
    command,
    'addons:create heroku-postgresql:essential-0 --wait',
    'addons:create heroku-postgresql -- --version=16',
  );
}

/** @throws UserError `NOT_CREATED` */
async function waitFor({ name }: AddonView, settled: () => Promise<AddonView>): Promise<void> {
  const { untilCreated } = await import('../addons/wait.js');
  const addon = await action(`Creating ${name}`, () => untilCreated(name, settled));
  print(`Created ${[name, ...asVars(addon)].join(' as ')}`);
}

function asVars({ configVars }: AddonView): readonly string[] {
  return configVars.length > 0 ? [configVars.join(', ')] : [];
}

export function createAddonsWaitCommand(): Command {
  const command = appCommand('addons:wait', 'wait until add-ons are ready')
    .argument('[addon]', 'its name or attachment (default: all of the app)')
    .action(async (wanted: string | undefined, flags: AppFlags) => {
      const { app, host } = await connectTo(flags);
      const named = wanted === undefined ? undefined : (await find(flags, wanted)).addon.name;
      const addons = (await host.addons.list()).filter(
        ({ name, app: owner, state }) =>
          state === 'provisioning' && (named === undefined ? owner === app.name : name === named),
      );
      for (const addon of addons) await waitFor(addon, () => host.addons.settled(addon.id));
    });
  return examples(command, 'addons:wait', 'addons:wait DATABASE');
}

export function createAddonsInfoCommand(): Command {
  const command = appCommandWithJson('addons:info', 'describe an add-on')
    .argument('<addon>', 'its name, attachment (DATABASE) or service')
    .action(async (wanted: string, { json, ...flags }: JsonFlags) => {
      const { addon, attachments } = await find(flags, wanted);
      if (json)
        return printJson({ ...addon, attachments: attachments.filter((one) => one.addon === addon.name) });
      const { formatAddon } = await import('../format/addons.js');
      printLines([heading(addon.name), '', ...formatAddon(addon, attachments)]);
    });
  return examples(command, 'addons:info DATABASE');
}

interface DestroyFlags extends AppFlags {
  readonly confirm?: string;
  readonly force?: true;
}

export function createAddonsDestroyCommand(): Command {
  const command = appCommand('addons:destroy', 'remove an add-on with all its data')
    .argument('<addon>', 'its name or attachment (DATABASE)')
    .option('--confirm <app>', "the app's name, as proof that you mean it")
    .option('--force', 'even if other apps have it attached')
    .action(async (wanted: string, { confirm, force, ...flags }: DestroyFlags) => {
      const { addon, host } = await find(flags, wanted);
      requireConfirmed(
        `This removes ${addon.name} with all its data for good`,
        `addons:destroy ${addon.name}`,
        addon.app,
        confirm,
      );
      await action(`Destroying ${addon.name} on ${appName({ name: addon.app })}`, () =>
        host.addons.destroy(addon.id, force === true),
      );
    });
  return examples(command, 'addons:destroy DATABASE --confirm my-app');
}

export function createAddonsRenameCommand(): Command {
  const command = appCommand('addons:rename', 'give an add-on another name')
    .argument('<addon>', 'its name or attachment (DATABASE)')
    .argument('<name>', 'the new name')
    .action(async (wanted: string, name: string, flags: AppFlags) => {
      const { addon, host } = await find(flags, wanted);
      await host.addons.rename(addon.id, name);
      print(`${addon.name} successfully renamed to ${name}.`);
    });
  return examples(command, 'addons:rename DATABASE my-database');
}

export function createAddonsUpgradeCommand(): Command {
  const command = appCommand('addons:upgrade', 'give an add-on another plan', 'addons:downgrade')
    .argument('<addon>', 'its name or attachment (DATABASE)')
    .argument('<plan>', 'the new plan')
    .action(async (wanted: string, plan: string, flags: AppFlags) => {
      const { addon, host } = await find(flags, wanted);
      const { centsOf, priceText } = await import('../format/addons.js');
      const { planOf } = await import('../../addons/resolve.js');
      const next = plan.includes(':') ? plan : `${addon.service}:${plan}`;
      await action(
        `Changing ${addon.name} on ${appName({ name: addon.app })} from ${planOf(addon)} to ${next}`,
        () => host.addons.upgrade(addon.id, plan),
        () => priceText(centsOf(next)),
      );
    });
  return examples(command, 'addons:upgrade DATABASE essential-1');
}

async function find(flags: AppFlags, wanted: string) {
  const { findAddon } = await import('../addons/find.js');
  return findAddon(flags, wanted);
}
