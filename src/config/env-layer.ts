import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../base/clock.js';
import { isIgnoredByGit, isTrackedByGit } from '../base/programs.js';
import type { Problem } from '../procfile/problem.js';
import type { Environment } from './dyno-env.js';
import { type EnvFiles, readEnvFiles } from './env-file.js';
import { writeEnvChanges } from './env-write.js';
import { type Config, type OwnLayer, type VarChanges, withChanges } from './layers.js';

export interface EnvLayerOptions {
  /** The app's folder. */
  readonly dir: string;
  /** Relative to the folder. Default: `.env`, if it exists. */
  readonly envFiles: readonly string[];
  /** Real time, to wait for an editor that writes at the same time. */
  readonly clock: Clock;
  /** The environment dynosim was started with, for git. */
  readonly shell: Environment;
}

/** The config vars of an app's env files. */
export class EnvLayer implements OwnLayer {
  readonly #options: EnvLayerOptions;
  #files: EnvFiles;
  #saved: Config;
  #vars: Config;

  /** @throws UserError as `readEnvFiles` */
  constructor(options: EnvLayerOptions) {
    this.#options = options;
    this.#files = this.#readFiles();
    this.#saved = this.#files.vars;
    this.#vars = this.#saved;
  }

  /** Warnings only. */
  get problems(): readonly Problem[] {
    return this.#files.problems;
  }

  /** All env files, whether or not they exist. */
  get paths(): readonly string[] {
    return this.#files.files.map(({ path }) => path);
  }

  /** What the files said when they were last read or written. */
  get saved(): Config {
    return this.#saved;
  }

  vars(): Config {
    return this.#vars;
  }

  /**
   * Reads the files again, and sets what has been edited since they were last read.
   * @throws UserError those of `readEnvFiles`; then nothing has changed
   */
  read(): void {
    this.#files = this.#readFiles(this.#files);
    const before = this.#saved;
    this.#saved = this.#files.vars;
    this.#vars = withChanges(this.#vars, this.#saved, editedKeys(before, this.#saved));
  }

  async write(changes: VarChanges): Promise<readonly string[]> {
    const { clock, shell } = this.#options;
    const env = { PATH: shell.PATH ?? '', HOME: shell.HOME ?? '' };
    const warnings = await writeEnvChanges({
      files: this.#readFiles(this.#files).files,
      changes,
      clock,
      git: {
        isIgnored: (path) => isIgnoredByGit(path, env),
        isTracked: (path) => isTrackedByGit(path, env),
      },
    });
    // Concurrent edits by other programs are noticed at the next reading.
    const now = this.#readFiles(this.#files).vars;
    this.#saved = withChanges(this.#saved, now, changes.keys());
    this.#vars = withChanges(this.#vars, now, changes.keys());
    return warnings;
  }

  async rollBack(vars: Config): Promise<void> {
    this.#vars = vars;
  }

  #readFiles(before?: EnvFiles): EnvFiles {
    const { dir, envFiles } = this.#options;
    return readEnvFiles(dir, envFiles, before);
  }
}

function editedKeys(before: Config, now: Config): readonly string[] {
  const isEdited = (key: string): boolean => !isDeepStrictEqual(before.get(key), now.get(key));
  return [...new Set([...before.keys(), ...now.keys()])].filter(isEdited);
}
