import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { replaceFile } from '../base/atomic-file.js';
import { UserError } from '../base/errors.js';
import { type Finished, loadPrograms, type Process, startProcess } from '../base/process.js';
import { HOOK_SCRIPT } from './hook.js';

/** Variables, and nothing else, that git is started with. */
export type Environment = Readonly<Record<string, string>>;

/** Neither the user's nor the system's configuration changes what a push does. */
const OWN_CONFIGURATION: Environment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  LC_ALL: 'C',
};

/** A git that runs, and our ends of the further descriptors that it has. */
export type GitProcess = Process & { readonly lines: readonly Duplex[] };

export interface GitOptions {
  /** Added to its environment. */
  readonly env?: Environment;
  /** How many descriptors it gets beside the usual three, which hooks inherit. */
  readonly lines?: number;
}

/** git's own programs, in a repository of an app. */
export class Git {
  readonly #env: Environment;
  readonly #hooks: string;

  /**
   * @param path PATH, by which git is found
   * @param hooks a folder of dynosim's own, for the only hook that ever runs
   * @throws UserError `HOOK_NOT_EXECUTABLE`
   */
  constructor(path: string, hooks: string) {
    this.#env = { PATH: path, ...OWN_CONFIGURATION };
    this.#hooks = hooks;
    writeHook(hooks);
  }

  /** Runs git to its end. */
  async ask(repository: string, args: readonly string[], env: Environment = {}): Promise<Finished> {
    const { run } = await loadPrograms();
    return run(['git', ...this.#settings(), ...args], { cwd: repository, env: { ...this.#env, ...env } })
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
    const command = ['git', ...this.#settings(), ...args] as const;
    return startProcess({ command, cwd: repository, env: { ...this.#env, ...env } }, lines);
  }

  #settings(): readonly string[] {
    // The state folder is dynosim's own, whoever its files belong to.
    const settings = [`core.hooksPath=${this.#hooks}`, 'receive.autogc=false', 'safe.directory=*'];
    return settings.flatMap((setting) => ['-c', setting]);
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
