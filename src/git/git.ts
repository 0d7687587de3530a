import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { replaceFile } from '../base/atomic-file.js';
import { UserError } from '../base/errors.js';
import { type Finished, loadPrograms, type Process, startProcess } from '../base/process.js';
import { HOOK_SCRIPT } from './hook.js';

/** Variables, and nothing else, that git is started with. */
export type GitEnvironment = Readonly<Record<string, string>>;

/** Neither the user's nor the system's configuration changes what a push does. */
const OWN_CONFIGURATION: GitEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  LC_ALL: 'C',
};

/** More than a large repository has, and less than a disk. */
const PACK_BYTES = 2 * 1024 ** 3;

/** A git that runs, and our ends of the further descriptors that it has. */
export type GitProcess = Process & { readonly lines: readonly Duplex[] };

export interface GitOptions {
  /** Added to its environment. */
  readonly env?: GitEnvironment;
  /** How many descriptors it gets beside the usual three, which hooks inherit. */
  readonly lines?: number;
}

/** git's own programs, in a repository of an app. */
export class Git {
  readonly #env: GitEnvironment;
  readonly #settings: readonly string[];

  /**
   * @param path PATH, by which git is found
   * @param hooks a folder of dynosim's own, for the only hook that ever runs
   * @param packBytes how large a pack may be that is pushed
   * @throws UserError `HOOK_NOT_EXECUTABLE`
   */
  constructor(path: string, hooks: string, packBytes = PACK_BYTES) {
    this.#env = { PATH: path, ...OWN_CONFIGURATION };
    writeHook(hooks);
    this.#settings = [
      `core.hooksPath=${hooks}`,
      // Packs reach the disk before a push is acknowledged, single objects may not.
      'receive.unpackLimit=1',
      'receive.autogc=false',
      'gc.autoDetach=false',
      `receive.maxInputSize=${packBytes}`,
      // The state folder is dynosim's own, whoever its files belong to.
      'safe.directory=*',
    ].flatMap((setting) => ['-c', setting]);
  }

  /** Runs git to its end. */
  async ask(repository: string, args: readonly string[], env: GitEnvironment = {}): Promise<Finished> {
    const { run } = await loadPrograms();
    return run(['git', ...this.#settings, ...args], { cwd: repository, env: { ...this.#env, ...env } })
      .finished;
  }

  /**
   * Starts git.
   * @throws the system's error if it cannot be started
   */
  start(
    repository: string,
    args: readonly string[],
    { env = {}, lines = 0 }: GitOptions = {},
  ): Promise<GitProcess> {
    const command = ['git', ...this.#settings, ...args] as const;
    return startProcess({ command, cwd: repository, env: { ...this.#env, ...env } }, lines);
  }
}

/** git passes over a hook that it may not run, and would accept every push: better not to serve any. */
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
