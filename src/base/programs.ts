import { dirname } from 'node:path';
import { type CommandLine, type Finished, loadPrograms } from './process.js';

/** Gets answers from other programs: git, bash, and any program's version. */

type Env = Readonly<Record<string, string>>;

/**
 * The output of `program --version`, run as in a dyno.
 * @param env a dyno's environment
 * @returns undefined if the program does not exist or fails
 */
export async function versionOf(program: string, cwd: string, env: Env): Promise<string | undefined> {
  const { status, stdout } = await ask([program, '--version'], cwd, env);
  return status === 0 ? stdout : undefined;
}

/** Whether git ignores a file. A file outside any repository counts as ignored. */
export async function isIgnoredByGit(path: string, env: Env): Promise<boolean> {
  const { status } = await ask(['git', 'check-ignore', '--quiet', path], dirname(path), env);
  return status !== 1;
}

export async function isTrackedByGit(path: string, env: Env): Promise<boolean> {
  const { status } = await ask(['git', 'ls-files', '--error-unmatch', path], dirname(path), env);
  return status === 0;
}

/** What git says of the files in a folder. */
export type Tracked =
  /** Paths relative to the folder, and the mode of each: `100755`. */
  | { readonly at: 'repository'; readonly files: ReadonlyMap<string, string> }
  | { readonly at: 'no repository' }
  /** `why`: git's own words. */
  | { readonly at: 'unknown'; readonly why: string };

/** Far longer than git takes for a million files. */
const GIT_MS = 10_000;

/** The files that git tracks in a folder and below it. Starts no program that the repository's settings name. */
export async function trackedFiles(cwd: string, env: Env): Promise<Tracked> {
  const { run } = await loadPrograms();
  const git = ['git', '-c', 'core.fsmonitor=false', 'ls-files', '--stage', '-z'] as const;
  const options = { cwd, env: { ...env, LC_ALL: 'C' }, timeoutMs: GIT_MS };
  const { status, stdout, stderr, failure } = await run(git, options).finished;
  if (status === 0) return { at: 'repository', files: parseStage(stdout) };
  if (/not a git repository/.test(stderr)) return { at: 'no repository' };
  if (failure === 'ENOENT') return { at: 'unknown', why: 'there is no git on PATH' };
  return { at: 'unknown', why: stderr.split('\n')[0] || `it ended with ${status}` };
}

/** `100644 <hash> 0<tab>path`, each ended by a zero byte. */
function parseStage(output: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const entry of output.split('\0')) {
    const tab = entry.indexOf('\t');
    if (tab !== -1) files.set(entry.slice(tab + 1), entry.slice(0, entry.indexOf(' ')));
  }
  return files;
}

/**
 * Sets all values of a setting in a folder's git repository.
 * @returns false without a repository, or without git
 */
export async function setInRepository(
  key: string,
  [first, ...others]: readonly [string, ...string[]],
  cwd: string,
  env: Env,
): Promise<boolean> {
  const config = ['git', 'config', '--local'] as const;
  const { status } = await ask([...config, '--replace-all', key, first], cwd, env);
  for (const value of others) await ask([...config, '--add', key, value], cwd, env);
  return status === 0;
}

/**
 * Adds, changes or removes a remote in a folder's git repository: `['add', 'heroku', 'https://…']`.
 * @returns git's error message; undefined on success
 */
export async function changeRemote(
  args: readonly string[],
  cwd: string,
  env: Env,
): Promise<string | undefined> {
  const { status, stderr } = await ask(['git', 'remote', ...args], cwd, env);
  return status === 0 ? undefined : stderr.replace(/^(?:error|fatal): /, '');
}

/** The URLs of a repository's remotes, by name; empty outside of a repository. */
export async function remotesOf(cwd: string, env: Env): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await ask(['git', 'config', '--get-regexp', '^remote\\..*\\.url$'], cwd, env);
  const lines = stdout.split('\n').flatMap((line) => {
    const [, name, url] = /^remote\.(.+)\.url (.+)$/.exec(line) ?? [];
    return name !== undefined && url !== undefined ? [[name, url] as const] : [];
  });
  return new Map(lines);
}

/** The value of a git setting in a folder. */
export async function gitSetting(key: string, cwd: string, env: Env): Promise<string | undefined> {
  const { status, stdout } = await ask(['git', 'config', '--get', key], cwd, env);
  return status === 0 ? stdout : undefined;
}

/** Bash parses even the longest command in a few milliseconds. */
const BASH_MS = 2000;

/** A dyno's bash, which checks commands without running them. */
export interface Bash {
  /**
   * Bash's error message about the syntax of a command.
   * @returns undefined if the syntax is correct, or without bash
   */
  syntaxError(command: string): string | undefined;
  /** Whether a word is a program on PATH, or a builtin, keyword or function of bash. True without bash. */
  isCommand(word: string): boolean;
}

/** @param env a dyno's environment */
export async function askBash(cwd: string, env: Env): Promise<Bash> {
  const { runSync } = await loadPrograms();
  // BASH_ENV names a file that bash would run. --norc prevents the rc file that Debian's bash reads even for a command,
  // if it seems to run under ssh.
  const options = { cwd, env: { ...env, BASH_ENV: '', LC_ALL: 'C' }, timeoutMs: BASH_MS };
  const ask = (...args: readonly string[]) => runSync(['bash', '--norc', ...args], options);
  return {
    syntaxError(command) {
      const { status, stderr } = ask('-n', '-c', command);
      return status === 0 ? undefined : /^bash: -c: line \d+: (.+)$/m.exec(stderr)?.[1];
    },
    isCommand: (word) => ask('-c', 'type -t -- "$1"', 'bash', word).status !== 1,
  };
}

async function ask(command: CommandLine, cwd: string, env: Env): Promise<Finished> {
  const { run } = await loadPrograms();
  return run(command, { cwd, env }).finished;
}
