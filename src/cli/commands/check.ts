import { Command } from 'commander';
import { ENV_FILES, readEnvFlag } from '../flags.js';

export function createCheckCommand(): Command {
  return new Command('check')
    .summary("find what is wrong with the app's files")
    .description(
      'Reads the Procfile, env files and version files, and prints every problem with its line, including what ' +
        "Heroku's own parsers, heroku local or foreman would read differently. Flags in .dynosimrc apply.",
    )
    .option('-d, --dir <dir>', "the app's folder", '.')
    .option('-f, --procfile <file>', "relative to the app's folder (default: Procfile)")
    .option('-e, --env <files>', `${ENV_FILES} (default: .env if there)`, readEnvFlag)
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExamples:\n  $ dynosim check\n  $ dynosim check --json | jq .processes')
    .action(async (flags: CheckFlags) => {
      const { runCheck } = await import('../run-check.js');
      process.exitCode = await runCheck(flags);
    });
}

export interface CheckFlags {
  readonly dir: string;
  readonly procfile?: string;
  readonly env?: readonly string[];
  readonly json?: true;
}
