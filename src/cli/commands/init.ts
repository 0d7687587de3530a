import { Command } from 'commander';
import { endHelp } from '../help.js';

/** The flags of `init`. */
export interface InitFlags {
  readonly dir: string;
  readonly dryRun?: true;
}

export function createInitCommand(): Command {
  const command = new Command('init')
    .summary('write a Procfile for an app that has none')
    .description(
      "Guesses from the app's files how it is started, and writes a Procfile, and an env file with the names of the " +
        'config vars that its code reads. Runs nothing of it, and never replaces a file.',
    )
    .option('-d, --dir <dir>', "the app's folder", '.')
    .option('--dry-run', 'only say what would be written')
    .action(async (flags: InitFlags) => {
      const { runInit } = await import('../run-init.js');
      runInit(flags);
    });
  return endHelp(command, { examples: ['dynosim init --dry-run', 'dynosim init && dynosim start'] });
}
