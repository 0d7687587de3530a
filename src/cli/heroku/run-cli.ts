import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { constants, homedir } from 'node:os';
import { join } from 'node:path';
import { TERMINAL_HEADER } from '../../api/attach/attachments.js';
import type { AppClient } from '../../api/client/app-client.js';
import { connect } from '../connect.js';
import { herokuEnvironment } from './environment.js';
import { findHerokuCli } from './find-cli.js';
import type { OwnFiles } from './own-files.js';

const GIT_CONFIG = 'gitconfig';

/** Logging in and out with a token at hand makes no sense to it. */
const WITHOUT_TOKEN = new Set(['login', 'logout', 'auth:login', 'auth:logout']);

/**
 * Runs Heroku's CLI on a running app.
 * @param args its command line; an app that is named there is looked for by its name
 * @returns its exit status
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `NO_HEROKU_CLI`
 */
export async function runHerokuCli(args: readonly string[], dir: string): Promise<number> {
  const { env } = process;
  const cli = findHerokuCli(env);
  const named = appIn(args);
  const app = await connect({ dir, ...(named !== undefined && { app: named }) });
  const { set, unset, files } = herokuEnvironment(app, env);
  const removed = [...unset, ...(WITHOUT_TOKEN.has(args[0] ?? '') ? ['HEROKU_API_KEY'] : [])];
  const terminal = randomUUID();
  const own = {
    ...env,
    ...set,
    HEROKU_HEADERS: withHeader(env.HEROKU_HEADERS, terminal),
    GIT_CONFIG_GLOBAL: ownGitConfig(env, files),
  };
  const kept = Object.fromEntries(Object.entries(own).filter(([name]) => !removed.includes(name)));
  // Before there is anything that a signal would leave behind.
  const stop = passOn(app, terminal, (signal) => child.kill(signal));
  const child = spawn(cli, [...args], { stdio: 'inherit', env: kept });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  stop();
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
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
    // What is no JSON is the CLI's to complain about.
    return headers ?? '';
  }
}

/**
 * Heroku's CLI writes to the user's git configuration whom to ask for passwords, with every command. It writes to
 * this file instead, which takes in the user's.
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
 * A terminal sends Ctrl-C to both; other signals are passed on. What `heroku run` does not tell of the terminal is
 * told for it: its size.
 * @returns ends it
 */
function passOn(app: AppClient, terminal: string, kill: (signal: NodeJS.Signals) => void): () => void {
  const ignore = (): void => {};
  const resized = (): void => {
    const { columns, rows } = process.stdout;
    // Should dynosim be gone, its dyno says so.
    app.resizeTerminal(terminal, { columns, rows }).catch(ignore);
  };
  process.on('SIGINT', ignore).on('SIGTERM', kill).on('SIGHUP', kill);
  process.stdout.on('resize', resized);
  return () => {
    process.off('SIGINT', ignore).off('SIGTERM', kill).off('SIGHUP', kill);
    process.stdout.off('resize', resized);
  };
}
