import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Clock } from '../base/clock.js';
import { isIgnoredByGit, isTrackedByGit } from '../base/programs.js';
import type { Problem } from '../procfile/problem.js';
import type { Environment } from './dyno-env.js';
import type { EnvChanges } from './env-edit.js';
import { type EnvFiles, readEnvFiles } from './env-file.js';
import { writeEnvChanges } from './env-write.js';
import { type Config, type ConfigLayer, withChanges } from './layers.js';

export interface EnvLayerOptions {
  /** The app's folder. */
  readonly dir: string;
  /** Relative to it; none: `.env`, if it is there. */
  readonly envFiles: readonly string[];
  /** Real time, to wait for an editor that writes at the same time. */
  readonly clock: Clock;
  /** The environment dynosim was started with, for git. */
  readonly shell: Environment;
}

/** The config vars of an app's env files, as they were last read. */
export class EnvLayer implements ConfigLayer {
  readonly #options: EnvLayerOptions;
  #files: EnvFiles;
  #vars: Config;

  /** @throws UserError those of `readEnvFiles` */
  constructor(options: EnvLayerOptions) {
    this.#options = options;
    this.#files = this.#readFiles();
    this.#vars = this.#files.vars;
  }

  get name(): string {
    return this.#files.files.map(({ name }) => name).join(', ');
  }

  /** Warnings only. */
  get problems(): readonly Problem[] {
    return this.#files.problems;
  }

  /** All env files, whether or not they exist. */
  get paths(): readonly string[] {
    return this.#files.files.map(({ path }) => path);
  }

  vars(): Config {
    return this.#vars;
  }

  /**
   * Reads the files again; a pipe or a device (`-e <(command)`) can be read only once.
   * @throws UserError those of `readEnvFiles`; then nothing has changed
   */
  read(): void {
    this.#files = this.#readFiles();
    const { dir } = this.#options;
    const kept = [...this.#vars].filter(
      ([, { from }]) => from.kind === 'file' && isNoFile(resolve(dir, from.file)),
    );
    this.#vars = new Map([...this.#files.vars, ...kept]);
  }

  async write(changes: EnvChanges): Promise<readonly string[]> {
    const { clock, shell } = this.#options;
    const env = { PATH: shell.PATH ?? '', HOME: shell.HOME ?? '' };
    const warnings = await writeEnvChanges({
      files: this.#readFiles().files,
      changes,
      clock,
      git: {
        isIgnored: (path) => isIgnoredByGit(path, env),
        isTracked: (path) => isTrackedByGit(path, env),
      },
    });
    // Edits by others at the same time are found at the next reading.
    this.#vars = withChanges(this.#vars, this.#readFiles().vars, changes.keys());
    return warnings;
  }

  #readFiles(): EnvFiles {
    const { dir, envFiles } = this.#options;
    return readEnvFiles(dir, envFiles);
  }
}

/** A pipe, a device. */
function isNoFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === false;
}
