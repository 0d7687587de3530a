import { CommanderError } from 'commander';
import { leaveTerminal } from './leave-terminal.js';
import type { Program } from './program.js';

/** Exit statuses: 0 done, 2 unknown command or flag, 1 everything else that failed. */
const UNKNOWN_WORD = new Set(['commander.unknownCommand', 'commander.unknownOption']);

/** Runs this process's command line. */
export function runAndExit(program: Program): void {
  statusOf(program).then(
    (status) => exit(status),
    (error: unknown) => {
      console.error(error);
      exit(1);
    },
  );
}

function exit(status: number): never {
  leaveTerminal();
  process.exit(status);
}

/** The only place that decides how the process exits. */
async function statusOf(program: Program): Promise<number> {
  try {
    await program.parseAsync(process.argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

/** Prints an error, as one line if the user can correct it. */
async function report(error: unknown): Promise<number> {
  if (error instanceof CommanderError) {
    // The library has printed it already. Help and version end here too.
    return UNKNOWN_WORD.has(error.code) ? 2 : error.exitCode;
  }
  const [{ describeError }, { note }] = await Promise.all([
    import('./describe-error.js'),
    import('./output.js'),
  ]);
  const described = describeError(error);
  if (typeof described === 'string') note(described);
  else console.error(described);
  return 1;
}
