import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { appCommand, connectTo, examples } from '../app-command.js';
import type { AppFlags, Connection } from '../connect.js';
import { action, appName } from '../output.js';

/** @throws UserError `APP_OF_HOST` */
async function refuseHost({ app, host }: Connection): Promise<void> {
  if ((await host.info()).state === undefined) return;
  throw new UserError(
    'APP_OF_HOST',
    `${app.name} is one of a host's apps`,
    `Stop its dynos with "dynosim ps:scale web=0", the host with "dynosim host:stop".`,
  );
}

export function createStopCommand(): Command {
  const command = appCommand('stop', 'stop the app and its dynosim')
    .description(
      'Stops all dynos and the dynosim that runs them, as Ctrl-C does, and returns when it has ended.',
    )
    .action(async (flags: AppFlags) => {
      const connection = await connectTo(flags);
      await refuseHost(connection);
      const { stopAndWait } = await import('../stop-app.js');
      await action(`Stopping ${appName(connection.app)}`, (say) => stopAndWait(connection, say));
    });
  return examples(command, 'stop', 'stop --app my-app');
}
