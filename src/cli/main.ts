import { Command, CommanderError } from 'commander';
import { UserError } from '../base/errors.js';
import { packageVersion } from '../base/package-root.js';
import { COMMANDS } from './commands/index.js';

/** Exit statuses: 0 done, 2 unknown command or flag, 1 everything else that failed. */
const UNKNOWN_WORD = new Set(['commander.unknownCommand', 'commander.unknownOption']);

/** Runs a command line; the only place that decides how the process exits. */
async function main(argv: readonly string[]): Promise<number> {
  const program = new Command('dynosim')
    .description("Heroku's dyno platform on your own machine.")
    .version(packageVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: false });
  for (const command of COMMANDS) program.addCommand(command.copyInheritedSettings(program));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

/** Says what went wrong, as one line if it is the user's to mend. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // It has said so itself; help and version come this way too.
    return UNKNOWN_WORD.has(error.code) ? 2 : error.exitCode;
  }
  if (error instanceof UserError) {
    console.error(`dynosim: ${error.message}${error.hint ? `. ${error.hint}` : ''}`);
  } else {
    console.error(error);
  }
  return 1;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
