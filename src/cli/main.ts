import { Command, CommanderError } from 'commander';
import { packageVersion } from '../base/package-root.js';
import { COMMAND_GROUPS, HIDDEN_COMMANDS } from './commands/index.js';
import { family, mainHelp } from './main-help.js';
import { toOneLine } from './usage-error.js';

/** Exit statuses: 0 done, 2 unknown command or flag, 1 everything else that failed. */
const UNKNOWN_WORD = new Set(['commander.unknownCommand', 'commander.unknownOption']);

class Program extends Command {
  override helpInformation(): string {
    return mainHelp(COMMAND_GROUPS);
  }
}

/** Runs a command line; the only place that decides how the process exits. */
async function main(argv: readonly string[]): Promise<number> {
  const program = new Program('dynosim')
    .version(packageVersion())
    .exitOverride()
    // Its own flags end at the name of the command, or `run node --version` would tell dynosim's.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(toOneLine(text, 'dynosim')) });
  for (const command of COMMAND_GROUPS.flatMap(({ commands }) => commands.flatMap(family))) {
    program.addCommand(
      command.copyInheritedSettings(program).configureOutput({
        outputError: (text, write) => write(toOneLine(text, `dynosim ${command.name()}`)),
      }),
    );
  }
  for (const command of HIDDEN_COMMANDS)
    program.addCommand(command.copyInheritedSettings(program), { hidden: true });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

/** Says what went wrong, as one line if it is the user's to mend. */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // It has said so itself; help and version come this way too.
    return UNKNOWN_WORD.has(error.code) ? 2 : error.exitCode;
  }
  const { describeError } = await import('./describe-error.js');
  console.error(describeError(error));
  return 1;
}

main(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
