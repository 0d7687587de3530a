import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TERMINAL_HEADER } from '../../api/attach/attachments.js';
import type { RemoteHost } from '../../api/client/remote-host.js';
import { systemWall } from '../../base/clock.js';
import { UserError } from '../../base/errors.js';
import { findProgram } from '../../base/find-program.js';
import { loadPrograms } from '../../base/process.js';
import { connectForHeroku, connectToAny, type HostConnection } from '../connect.js';
import { trustInRepository } from '../host/git-remote.js';
import { note } from '../output.js';
import { herokuEnvironment, offlineEnvironment } from './environment.js';
import type { OwnFiles } from './own-files.js';

const GIT_CONFIG = 'gitconfig';

/** The CLI refuses to log in or out while HEROKU_API_KEY is set. */
const WITHOUT_TOKEN = new Set(['login', 'logout', 'auth:login', 'auth:logout']);

/** Commands that add a git remote. */
const WITH_REMOTE = new Set(['create', 'apps:create', 'git:remote']);

/** Commands that concern no app. */
const WITHOUT_APP = new Set(['help', 'version', 'commands', 'autocomplete', 'which', ...WITHOUT_TOKEN]);

/**
 * Runs Heroku's CLI on a running app; for help, or to log in, on any that runs.
 * @param args its command line; an app that is named there is looked for by its name
 * @returns its exit status
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `NO_HEROKU_CLI`
 */
export async function runHerokuCli(args: readonly string[], dir: string): Promise<number> {
  const { env } = process;
  const cli = findHerokuCli(env);
  const connection = await connectionFor(args, dir);
  const { set, unset, files } = connection ? herokuEnvironment(connection, env) : offlineEnvironment(env);
  const removed = [...unset, ...(WITHOUT_TOKEN.has(args[0] ?? '') ? ['HEROKU_API_KEY'] : [])];
  const terminal = randomUUID();
  const own = {
    ...env,
    ...set,
    HEROKU_HEADERS: withHeader(env.HEROKU_HEADERS, terminal),
    GIT_CONFIG_GLOBAL: ownGitConfig(env, files),
  };
  const kept = Object.fromEntries(Object.entries(own).filter(([name]) => !removed.includes(name)));
  const { run } = await loadPrograms();
  // Before the child starts, so that no signal leaves it behind.
  const stop = passOn(connection?.host, terminal, (signal) => child.kill(signal));
  const child = run([cli, ...args], { env: kept, share: ['stdin', 'stdout', 'stderr'] });
  const { status, failure } = await child.finished;
  stop();
  if (failure !== undefined) throw new UserError('NO_HEROKU_CLI', `${cli} cannot be started (${failure})`);
  if (status === 0 && connection && WITH_REMOTE.has(args[0] ?? '')) await trust(connection);
  return status;
}

/**
 * The file of Heroku's CLI: `$DYNOSIM_HEROKU_BIN`, else `heroku` on the PATH.
 * @throws UserError `NO_HEROKU_CLI`
 */
function findHerokuCli({ DYNOSIM_HEROKU_BIN: given, PATH = '' }: NodeJS.ProcessEnv): string {
  const found = findProgram(given || 'heroku', PATH);
  if (found !== undefined) return found;
  throw new UserError(
    'NO_HEROKU_CLI',
    given ? `DYNOSIM_HEROKU_BIN names ${given}, which cannot be run` : 'There is no Heroku CLI on the PATH',
    'Install it with "npm install -g heroku", or set DYNOSIM_HEROKU_BIN.',
  );
}

/** @returns undefined if the command needs none, and none runs */
async function connectionFor(args: readonly string[], dir: string): Promise<HostConnection | undefined> {
  const [command = 'help'] = args;
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  const isHelp = command.startsWith('-') || own.includes('--help') || own.includes('-h');
  if (!isHelp && !WITHOUT_APP.has(command)) {
    const named = appIn(args);
    return connectForHeroku({ dir, ...(named !== undefined && { app: named }) });
  }
  const connection = await connectToAny({ dir });
  if (!connection && !isHelp && WITHOUT_TOKEN.has(command)) throw nothingToLogInTo();
  return connection;
}

function nothingToLogInTo(): UserError {
  const hint =
    'Start one with "dynosim start", or many with "dynosim host"; then "dynosim heroku" works without a login.';
  return new UserError('NOT_RUNNING', 'No app is running to log in to', hint);
}

/** Without this a plain `git push` would fail with a certificate error before dynosim could answer. */
async function trust({ host, runtime }: HostConnection): Promise<void> {
  await trustInRepository(runtime, systemWall());
  if ((await host.info()).state === undefined)
    note('dynosim: "git push" does nothing: dynosim start runs the files of the folder as they are.');
}

/** `-a my-app`, `--app=my-app` */
function appIn(args: readonly string[]): string | undefined {
  const words = args.slice(0, args.includes('--') ? args.indexOf('--') : undefined);
  for (const [index, word] of words.entries()) {
    if (word === '-a' || word === '--app') return words[index + 1];
    if (word.startsWith('--app=')) return word.slice('--app='.length);
  }
  return undefined;
}

function withHeader(headers: string | undefined, terminal: string): string {
  try {
    return JSON.stringify({ ...(headers ? JSON.parse(headers) : {}), [TERMINAL_HEADER]: terminal });
  } catch {
    // The CLI itself complains about headers that are not JSON.
    return headers ?? '';
  }
}

/**
 * Heroku's CLI writes a credential helper to the user's git configuration with every command. This file takes that
 * write instead, and includes the user's configuration.
 */
function ownGitConfig(
  { GIT_CONFIG_GLOBAL: given, HOME = homedir(), XDG_CONFIG_HOME }: NodeJS.ProcessEnv,
  files: OwnFiles,
): string {
  const theirs =
    given === undefined
      ? [join(XDG_CONFIG_HOME || join(HOME, '.config'), 'git', 'config'), join(HOME, '.gitconfig')]
      : [given];
  const includes = theirs.map((path) => `[include]\n\tpath = ${JSON.stringify(path)}\n`).join('');
  const isThere = files.read(GIT_CONFIG)?.startsWith(includes) === true;
  return isThere ? files.path(GIT_CONFIG) : files.keep(GIT_CONFIG, includes);
}

/**
 * Passes signals on to the CLI, but for Ctrl-C, which a terminal sends to both; and reports the terminal's size, which
 * `heroku run` does not.
 * @returns ends it
 */
function passOn(
  host: RemoteHost | undefined,
  terminal: string,
  kill: (signal: NodeJS.Signals) => void,
): () => void {
  const ignore = (): void => {};
  const resized = (): void => {
    const { columns, rows } = process.stdout;
    // If dynosim is gone, the end of the dyno shows it.
    host?.resizeTerminal(terminal, { columns, rows }).catch(ignore);
  };
  process.on('SIGINT', ignore).on('SIGTERM', kill).on('SIGHUP', kill);
  process.stdout.on('resize', resized);
  return () => {
    process.off('SIGINT', ignore).off('SIGTERM', kill).off('SIGHUP', kill);
    process.stdout.off('resize', resized);
  };
}
