import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { replaceFile } from '../base/atomic-file.js';
import { UserError } from '../base/errors.js';
import { type Finished, loadPrograms, type Process, startProcess } from '../base/process.js';
import { HOOK_SCRIPT } from './hook.js';

/** GitEnvironment variables. */
export type GitEnvironment = Readonly<Record<string, string>>;

/** Keeps the user's and the system's git configuration, and pushed `refs/replace/`, from changing what a push does. */
const OWN_CONFIGURATION: GitEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  LC_ALL: 'C',
};

/** The largest pack that a push may send. */
const PACK_BYTES = 2 * 1024 ** 3;

/** A running git, with dynosim's ends of its additional file descriptors. */
export type GitProcess = Process & { readonly lines: readonly Duplex[] };

export interface GitOptions {
  /** Additional variables. */
  readonly env?: GitEnvironment;
  /** How many additional file descriptors it gets, from 3 on. Hooks inherit them. */
  readonly lines?: number;
}

/** Runs git with dynosim's own configuration. */
export class Git {
  readonly #env: GitEnvironment;
  readonly #settings: readonly string[];

  /**
   * @param path the PATH on which git is found
   * @param hooks a folder for dynosim's hook, the only hook that runs
   * @param packBytes the largest pack that a push may send
   * @throws UserError `HOOK_NOT_EXECUTABLE`
   */
  constructor(path: string, hooks: string, packBytes = PACK_BYTES) {
    this.#env = { PATH: path, ...OWN_CONFIGURATION };
    writeHook(hooks);
    this.#settings = [
      `core.hooksPath=${hooks}`,
      // git syncs packs to the disk, but not loose objects.
      'receive.unpackLimit=1',
      'receive.autogc=false',
      'gc.autoDetach=false',
      `receive.maxInputSize=${packBytes}`,
      // The state folder may belong to another user, for example in a container.
      'safe.directory=*',
    ].flatMap((setting) => ['-c', setting]);
  }

  /** Runs git and waits for its end. */
  async ask(repository: string, args: readonly string[], env: GitEnvironment = {}): Promise<Finished> {
    const { run } = await loadPrograms();
    return run(['git', ...this.#settings, ...args], { cwd: repository, env: { ...this.#env, ...env } })
      .finished;
  }

  /**
   * Starts git.
   * @throws the system's error if it cannot be started
   */
  async start(
    repository: string,
    args: readonly string[],
    { env = {}, lines = 0 }: GitOptions = {},
  ): Promise<GitProcess> {
    const command = ['git', ...this.#settings, ...args] as const;
    const git = await startProcess({ command, cwd: repository, env: { ...this.#env, ...env } }, lines);
    // git may end before it has read everything.
    git.stdin.on('error', () => {});
    return git;
  }
}

/** Checks that the hook can run, because git ignores a hook that cannot, and would accept every push. */
function writeHook(folder: string): void {
  const file = join(folder, 'pre-receive');
  replaceFile(file, HOOK_SCRIPT, 0o700);
  try {
    accessSync(file, constants.X_OK);
  } catch {
    throw new UserError(
      'HOOK_NOT_EXECUTABLE',
      `git cannot run ${file}`,
      'Keep the state on a disk that is not mounted with "noexec".',
    );
  }
}
