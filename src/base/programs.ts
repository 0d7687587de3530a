import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { startProcess } from './process.js';

/** Other programs that are asked something. */

type Env = Readonly<Record<string, string>>;

/**
 * What `program --version` prints, as a dyno would run it.
 * @param env a dyno's environment
 * @returns undefined if there is no such program, or it cannot say
 */
export async function versionOf(program: string, cwd: string, env: Env): Promise<string | undefined> {
  const { status, printed } = await ask([program, '--version'], cwd, env);
  return status === 0 ? printed : undefined;
}

/** Whether git leaves a file out. A file outside of any repository is of no interest to git: it counts as left out. */
export async function isIgnoredByGit(path: string, env: Env): Promise<boolean> {
  const { status } = await ask(['git', 'check-ignore', '--quiet', path], dirname(path), env);
  return status !== 1;
}

/**
 * Changes a setting of the git repository of a folder.
 * @returns whether there is one, and git
 */
export async function setInRepository(key: string, value: string, cwd: string, env: Env): Promise<boolean> {
  return (await ask(['git', 'config', '--local', key, value], cwd, env)).status === 0;
}

/** Bash reads even the longest command in a few milliseconds. */
const BASH_MS = 2000;

/**
 * Why bash cannot parse a command, in its words. It runs nothing of it.
 * @returns undefined if it can, or if there is no bash
 */
export function syntaxError(command: string, cwd: string, env: Env): string | undefined {
  const { status, stderr } = askBash(['-n', '-c', command], cwd, env);
  return status ? /^bash: -c: line \d+: (.+)$/m.exec(stderr)?.[1] : undefined;
}

/** Whether a word runs something: a program on PATH, or what bash itself has. Also if there is no bash to ask. */
export function isCommand(word: string, cwd: string, env: Env): boolean {
  return askBash(['-c', 'type -t -- "$1"', 'bash', word], cwd, env).status !== 1;
}

function askBash(args: readonly string[], cwd: string, env: Env) {
  // Nor its rc file, which Debian's bash reads even for a command, if it believes to be at the end of ssh.
  return spawnSync('bash', ['--norc', ...args], {
    cwd,
    // Bash would run the file that BASH_ENV names.
    env: { ...env, BASH_ENV: '', LC_ALL: 'C' },
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: BASH_MS,
    killSignal: 'SIGKILL',
  });
}

async function ask(command: readonly [string, ...string[]], cwd: string, env: Env) {
  try {
    const child = await startProcess({ command, cwd, env });
    const [printed, { status }] = await Promise.all([text(child.stdout), child.exited]);
    return { status, printed };
  } catch {
    return { status: 127, printed: '' };
  }
}
