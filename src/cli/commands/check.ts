import { Command } from 'commander';
import { ENV_FILES, readEnvFlag } from '../flags.js';
import { endHelp } from '../help.js';

export function createCheckCommand(): Command {
  const command = new Command('check')
    .summary("find what is wrong with the app's files")
    .description(
      'Reads the Procfile, env files and version files, and prints every problem with its line, including what ' +
        "Heroku's own parsers, heroku local, foreman or Railpack would read differently. Flags in .dynosimrc apply. " +
        'In GitHub Actions, problems become annotations of their lines.',
    )
    .option('-d, --dir <dir>', "the app's folder", '.')
    .option('-f, --procfile <file>', "relative to the app's folder (default: Procfile)")
    .option('-e, --env <files>', `${ENV_FILES} (default: .env if there)`, readEnvFlag)
    .option('--strict', 'exit with 1 for warnings, too')
    .option('--json', 'print one JSON document')
    .option('--junit <file>', 'also write a JUnit XML file, for CI')
    .action(async (flags: CheckFlags) => {
      const { runCheck } = await import('../run-check.js');
      process.exitCode = await runCheck(flags);
    });
  return endHelp(command, {
    examples: [
      'dynosim check',
      'dynosim check --json | jq .processes',
      'dynosim check --strict --junit check.xml',
    ],
  });
}

export interface CheckFlags {
  readonly dir: string;
  readonly procfile?: string;
  readonly env?: readonly string[];
  readonly strict?: true;
  readonly json?: true;
  /** Relative to the current folder. */
  readonly junit?: string;
}
