import { resolve } from 'node:path';
import { UserError } from '../base/errors.js';
import { AppClient } from '../control/app-client.js';
import { findByFolder, findByName, type Runtime } from '../control/discovery.js';
import { readToken, stateFolder } from '../control/state-folder.js';

/** The flags by which every command finds its app. */
export interface AppFlags {
  readonly dir: string;
  readonly app?: string;
}

/**
 * Connects to the dynosim that runs an app: the one named, else the one of this folder or of one above it.
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`
 */
export async function connect(flags: AppFlags): Promise<AppClient> {
  const client = await tryConnect(flags);
  if (client) return client;
  throw new UserError(
    'NOT_RUNNING',
    flags.app === undefined ? `No app runs from ${resolve(flags.dir)}` : `No app named ${flags.app} runs`,
    'Start it with "dynosim start", or name its folder with --dir.',
  );
}

/**
 * The same, for commands that work without a running app, too.
 * @throws UserError `AMBIGUOUS_APP`
 */
export async function tryConnect({ dir, app }: AppFlags): Promise<AppClient | undefined> {
  const state = stateFolder(process.env);
  const token = readToken(state);
  const runtime =
    app === undefined
      ? await findByFolder(state, resolve(dir), token)
      : onlyOne(app, await findByName(state, app, token));
  return runtime && new AppClient(runtime, token);
}

function onlyOne(name: string, found: readonly Runtime[]): Runtime | undefined {
  if (found.length < 2) return found[0];
  const folders = found.map(({ dir }) => dir).join(' and ');
  throw new UserError('AMBIGUOUS_APP', `${name} runs from ${folders}`, 'Say which with --dir.');
}
