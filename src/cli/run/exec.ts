import { COMMAND } from '../../apps/requests.js';
import { type AppFlags, connect } from '../connect.js';
import { note } from '../output.js';
import { shownTerminal } from './attach.js';
import { converse, ownManner } from './converse.js';
import { buildCommand } from './run-request.js';

export interface ExecFlags extends AppFlags {
  /** False: the command gets no terminal, even if there is one. */
  readonly tty: boolean;
}

/** The exit status of a process that SIGKILL ended. */
const KILLED = 137;

/**
 * Runs a command beside a dyno.
 * @param dyno `web.1`
 * @param words the command; none: a shell
 * @returns its exit status
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `NO_SUCH_DYNO`, `NO_PROCESS`, `DYNOSIM_GONE`
 */
export async function exec(dyno: string, words: readonly string[], flags: ExecFlags): Promise<number> {
  const hasTerminal = flags.tty && process.stdin.isTTY;
  const command = words.length === 0 ? 'bash' : COMMAND(buildCommand(words), 'The argument');
  const { app } = await connect(flags);
  const runOfDyno = async (): Promise<string | undefined> =>
    (await app.dynos()).find(({ name }) => name === dyno)?.id;
  const run = hasTerminal ? await runOfDyno() : undefined;
  const session = await app.exec({ dyno, command, ...shownTerminal(hasTerminal) });
  if (words.length === 0 && hasTerminal) note(`A shell beside ${dyno}, which ends with it.`);
  const status = await converse(session, ownManner(hasTerminal));
  // What was killed has not ended its last line.
  if (status === KILLED && hasTerminal && (await runOfDyno()) !== run)
    note(`\n${dyno} has ended, and this command with it.`);
  return status;
}
