import type { Command } from 'commander';
import { appCommand, connectTo, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';
import { action, appName } from '../output.js';

export function createStopCommand(): Command {
  const command = appCommand('stop', 'stop the app and its dynosim')
    .description(
      'Stops all dynos and the dynosim that runs them, as Ctrl-C does, and returns when it has ended.',
    )
    .action(async (flags: AppFlags) => {
      const connection = await connectTo(flags);
      const { stopAndWait } = await import('../stop-app.js');
      await action(`Stopping ${appName(connection.app)}`, (say) => stopAndWait(connection, say));
    });
  return examples(command, 'stop', 'stop --app my-app');
}
