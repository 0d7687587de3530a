import type { Command } from 'commander';
import { UserError } from '../../base/errors.js';
import { connectTo, examples } from '../app-command.js';
import { describeTarget, readTarget, type TargetFlags, targetCommand } from '../dyno-target.js';
import { action, appName } from '../output.js';

export function createPsStopCommand(): Command {
  const names = ['ps:kill', 'kill', 'dyno:stop', 'dyno:kill'];
  const command = targetCommand('ps:stop', 'stop a dyno or those of a type', ...names)
    .description(
      'Stops one dyno, or all dynos of a process type. As on Heroku, dynos of the formation start again and ' +
        'one-off dynos end. To run fewer dynos, use ps:scale; to stop the whole app, use stop.',
    )
    .action(async (word: string | undefined, flags: TargetFlags) => {
      const target = readTarget(word, flags);
      if (target.kind === 'all')
        throw new UserError(
          'NO_TARGET',
          'Please specify a process type or dyno name to stop',
          'To stop the whole app: dynosim stop',
        );
      const { app } = await connectTo(flags);
      await action(`Stopping ${describeTarget(target)} on ${appName(app)}`, () => app.stopDynos(target));
    });
  return examples(command, 'ps:stop run.1828', 'ps:stop worker');
}
