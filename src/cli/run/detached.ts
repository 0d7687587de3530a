import { connect } from '../connect.js';
import { action, appName, say } from '../output.js';
import { type RunFlags, readRunRequest } from './run-request.js';

/**
 * Runs a command in a one-off dyno of the running app, whose output goes to the log.
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `UNKNOWN_SIZE`
 */
export async function runDetached(words: readonly string[], flags: RunFlags): Promise<void> {
  const request = readRunRequest(words, flags);
  const { app } = await connect(flags);
  const { name } = await action(
    `Running ${request.command} on ${appName(app)}`,
    () => app.runDetached(request),
    (dyno) => dyno.name,
  );
  say(`Run dynosim logs --app ${app.name} --dyno ${name} to view the output.`);
}
