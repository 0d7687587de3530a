import type { Command } from 'commander';
import { appCommand, examples } from '../app-command.js';
import type { AppFlags } from '../connect.js';

export function createPsAttachCommand(): Command {
  const command = appCommand('ps:attach', 'see what a dyno prints, and type into its stdin', 'connect')
    .description(
      'Shows what a dyno prints, as it is and at once, and passes on what you type: to a debugger, a console, a prompt. ' +
        'Ctrl-] detaches, as does ~. at the beginning of a line (~~ there types one ~), with Enter if the dyno has no ' +
        'terminal; Ctrl-C goes to the dyno, as SIGINT. Detaching does the dyno no harm, its log goes on, and several people can attach at once. ' +
        'The end of piped input ends neither the dyno nor ps:attach.',
    )
    .argument('<dyno>', 'the dyno: web.1')
    .action(async (dyno: string, flags: AppFlags) => {
      const { attachToRunning } = await import('../run/attach-running.js');
      process.exitCode = await attachToRunning(dyno, flags);
    });
  return examples(command, 'ps:attach web.1', 'ps:attach worker.2 --app my-app');
}
