import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { appCommand, connectTo, examples } from '../app-command.js';
import type { AppFlags, Connection } from '../connect.js';
import { action, appName } from '../output.js';

interface AttachFlags extends AppFlags {
  readonly as?: string;
  readonly confirm?: string;
}

export function createAddonsAttachCommand(): Command {
  const command = appCommand('addons:attach', 'let an app use an add-on of another app')
    .argument('<addon>', 'its name, or app::attachment')
    .option('--as <name>', 'the name of the attachment, with which its config vars begin')
    .option('--confirm <app>', "the app's name: replace an attachment, or hide config vars that are set")
    .action(async (wanted: string, { as, confirm, ...flags }: AttachFlags) => {
      const { findAddon } = await import('../addons/find.js');
      const { addon, app, host } = await findAddon(flags, wanted);
      const named = as === undefined ? '' : ` as ${as}`;
      const attachment = await action(`Attaching ${addon.name}${named} to ${appName(app)}`, () =>
        host.addons.attach({
          addon: addon.id,
          app: app.name,
          ...(as !== undefined && { as }),
          ...(confirm !== undefined && { confirm }),
        }),
      );
      await sayRelease(`Setting ${attachment.name}`, { app });
    });
  return examples(command, 'addons:attach postgresql-round-12345 --app my-other-app --as SHARED');
}

export function createAddonsDetachCommand(): Command {
  const command = appCommand('addons:detach', 'remove an attachment; the add-on and its data stay')
    .argument('<attachment>', 'as "addons" lists it: HEROKU_POSTGRESQL_PINK')
    .action(async (wanted: string, flags: AppFlags) => {
      const { app, host } = await connectTo(flags);
      const attachment = (await host.addons.attachments()).find(
        (one) => one.app === app.name && one.name === wanted.toUpperCase(),
      );
      if (!attachment)
        throw new UserError(
          'NO_SUCH_ATTACHMENT',
          "Couldn't find that add-on attachment.",
          'See: dynosim addons',
        );
      const { name, addon } = attachment;
      await action(`Detaching ${name} to ${addon} from ${appName(app)}`, () =>
        host.addons.detach(attachment.id),
      );
      await sayRelease(`Unsetting ${name}`, { app });
    });
  return examples(command, 'addons:detach HEROKU_POSTGRESQL_PINK');
}

/** Names the release that a change has made. */
async function sayRelease(doing: string, { app }: Pick<Connection, 'app'>): Promise<void> {
  await action(
    `${doing} config vars and restarting ${appName(app)}`,
    async () => (await app.releases()).at(-1),
    (release) => (release ? `v${release.version}` : ''),
  );
}
