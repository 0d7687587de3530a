import { makeFolder } from '../base/atomic-file.js';
import type { Clock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import type { Finished } from '../base/process.js';
import type { Git, GitEnvironment, GitOptions, GitProcess } from './git.js';
import { sweep } from './sweep.js';

/** A bare repository that one app is pushed to. */
export class Repository {
  readonly path: string;
  readonly #git: Git;

  private constructor(path: string, git: Git) {
    this.path = path;
    this.#git = git;
  }

  /**
   * The repository in a folder, which nobody else has open: it is made, or what a killed push has left there is removed.
   * @param clock real time
   * @throws UserError `NO_GIT`
   */
  static async open(path: string, git: Git, clock: Clock): Promise<Repository> {
    makeFolder(path);
    await sweep(path, clock);
    const repository = new Repository(path, git);
    // Without a template: those of the system and of the user may contain hooks.
    await repository.read(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.']);
    return repository;
  }

  /** The refs by name, and the objects that they name. */
  async refs(): Promise<ReadonlyMap<string, string>> {
    const lines = await this.read(['for-each-ref', '--format=%(objectname) %(refname)']);
    return new Map(lines.split('\n').filter(Boolean).map(parseRef));
  }

  /**
   * The commit of a ref, or of an object.
   * @returns undefined if there is none
   */
  async resolve(name: string, quarantine: GitEnvironment = {}): Promise<string | undefined> {
    const { status, stdout } = await this.ask(
      ['rev-parse', '--quiet', '--verify', `${name}^{commit}`],
      quarantine,
    );
    return status === 0 ? stdout : undefined;
  }

  /** Whether all commits that a new one is based on are there. git tells its hook of pushes that it then refuses for it. */
  async isWhole(commit: string, quarantine: GitEnvironment): Promise<boolean> {
    const args = ['rev-list', '--quiet', commit, '--not', '--all'];
    return (await this.ask(args, quarantine)).status === 0;
  }

  /** Makes a branch the one that a clone checks out, unless there is one already. */
  async offerHead(ref: string): Promise<void> {
    if ((await this.resolve('HEAD')) === undefined) await this.read(['symbolic-ref', 'HEAD', ref]);
  }

  /** The size of all its objects. */
  async bytes(): Promise<number> {
    const counted = await this.read(['count-objects', '-v']);
    const kilobytes = [...counted.matchAll(/^size(?:-pack)?: (\d+)$/gm)].map(([, count]) => Number(count));
    return kilobytes.reduce((sum, count) => sum + count, 0) * 1024;
  }

  /** Runs git to its end. */
  ask(args: readonly string[], env?: GitEnvironment): Promise<Finished> {
    return this.#git.ask(this.path, args, env);
  }

  /**
   * What git prints.
   * @throws Error with its words if it fails, UserError `NO_GIT`
   */
  async read(args: readonly string[], env?: GitEnvironment): Promise<string> {
    const { status, stdout, stderr, failure } = await this.ask(args, env);
    if (status === 0) return stdout;
    if (failure === 'ENOENT') throw new UserError('NO_GIT', 'There is no git on the PATH', 'Install git.');
    throw new Error(`git ${args[0]} in ${this.path} failed: ${failure ?? stderr}`);
  }

  /**
   * Starts git.
   * @throws the system's error if it cannot be started
   */
  start(args: readonly string[], options?: GitOptions): Promise<GitProcess> {
    return this.#git.start(this.path, args, options);
  }
}

function parseRef(line: string): readonly [ref: string, object: string] {
  const [object = '', ...ref] = line.split(' ');
  return [ref.join(' '), object];
}
