import { Command, Option } from 'commander';
import { parseDynoSize } from '../../base/sizes.js';
import { portOption } from '../flags.js';
import { endHelp } from '../help.js';
import type { HostFlags } from '../host/options.js';
import { addPlatformFlags, DURATIONS, hostAddress, logFormat, noDynoKeepAlive } from './platform-flags.js';

/** `dynosim host`: the flags only; what they do is loaded when the command runs. */
export function createHostCommand(): Command {
  const command = new Command('host')
    .summary('run many apps by name, and push to them')
    .description(
      'Runs apps that are made by "create" and filled by "git push", each at http://NAME.localhost:5006, until ' +
        'Ctrl-C. They are kept: the next "dynosim host" has them again, eco apps asleep.',
    )
    .addOption(portOption('-p, --port <port>', "the router's port; 0 takes any", 5006))
    .addOption(portOption('--api-port <port>', 'the port of the control API and of git; 0 takes any', 5005))
    .addOption(hostAddress)
    .option('--state <dir>', 'where the apps are kept (default: $XDG_STATE_HOME/dynosim/host)')
    .option('-D, --detach', 'return once it is ready; its log goes to host.log in the state folder')
    .addOption(
      new Option('--size <size>', 'the dyno size of new apps').argParser(parseDynoSize).default('Eco', 'eco'),
    );
  addPlatformFlags(command)
    .addOption(noDynoKeepAlive)
    .addOption(logFormat)
    .addOption(new Option('--in-background').hideHelp())
    .action(async (_flags, command: Command) => {
      const flags = command.opts<HostFlags>();
      if (flags.detach && !flags.inBackground) {
        const { detachHost } = await import('../host/detach.js');
        return detachHost(flags);
      }
      const { startOwnContainment } = await import('../start/own-containment.js');
      const containment = startOwnContainment();
      const { runHost } = await import('../host/run-host.js');
      process.exitCode = await runHost(flags, containment);
    });
  return endHelp(command, {
    notes: [DURATIONS],
    examples: ['dynosim host', 'dynosim host --detach && eval "$(dynosim env)" && heroku create'],
  });
}
