import { CommanderError } from 'commander';
import { createStartCommand } from './commands/start.js';
import { Program } from './program.js';

/** Exit statuses: 0 done, 2 unknown command or flag, 1 everything else that failed. */
const UNKNOWN_WORD = new Set(['commander.unknownCommand', 'commander.unknownOption']);

/** Runs a command line; the only place that decides how the process exits. */
async function main(argv: readonly string[]): Promise<number> {
  const program = await programFor(argv);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

async function programFor([name]: readonly string[]): Promise<Program> {
  // `start` must be fast, and the other commands take a while to load.
  if (name === 'start') return new Program([{ title: 'Run an app', commands: [createStartCommand()] }]);
  const { COMMAND_GROUPS, HIDDEN_COMMANDS } = await import('./commands/index.js');
  return new Program(COMMAND_GROUPS, HIDDEN_COMMANDS);
}

/** Prints an error, as one line if the user can correct it. */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // The library has printed it already. Help and version end here too.
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
