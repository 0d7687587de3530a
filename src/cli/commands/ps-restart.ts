import type { Command } from 'commander';
import { connectTo, examples } from '../app-command.js';
import { describeTarget, readTarget, type TargetFlags, targetCommand } from '../dyno-target.js';
import { action, appName } from '../output.js';

export function createPsRestartCommand(): Command {
  const command = targetCommand(
    'ps:restart',
    'restart all dynos, those of a type, or one',
    'restart',
    'dyno:restart',
  ).action(async (word: string | undefined, flags: TargetFlags) => {
    const target = readTarget(word, flags);
    const { app } = await connectTo(flags);
    await action(`Restarting ${describeTarget(target)} on ${appName(app)}`, () => app.restart(target));
  });
  return examples(command, 'ps:restart', 'ps:restart web', 'ps:restart worker.2');
}
