import { makeFolder } from '../base/atomic-file.js';
import type { Clock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import type { Finished } from '../base/process.js';
import type { Git, GitEnvironment, GitOptions, GitProcess } from './git.js';
import { sweep } from './sweep.js';

/** The bare repository of one app. */
export class Repository {
  readonly path: string;
  readonly #git: Git;

  private constructor(path: string, git: Git) {
    this.path = path;
    this.#git = git;
  }

  /**
   * Opens the repository in a folder. Creates it, or removes what a killed push has left in it.
   * @param clock real time
   * @throws UserError `NO_GIT`
   */
  static async open(path: string, git: Git, clock: Clock): Promise<Repository> {
    makeFolder(path);
    await sweep(path, clock);
    const repository = new Repository(path, git);
    // No template, because it may contain hooks.
    await repository.read(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.']);
    return repository;
  }

  /** The refs and their objects. */
  async refs(): Promise<ReadonlyMap<string, string>> {
    const lines = await this.read(['for-each-ref', '--format=%(objectname) %(refname)']);
    return new Map(lines.split('\n').filter(Boolean).map(parseRef));
  }

  /**
   * The commit of a ref, or of an object.
   * @returns undefined if there is none
   */
  async resolve(name: string, incoming: GitEnvironment = {}): Promise<string | undefined> {
    const { status, stdout } = await this.ask(
      ['rev-parse', '--quiet', '--verify', `${name}^{commit}`],
      incoming,
    );
    return status === 0 ? stdout : undefined;
  }

  /**
   * Whether a new commit's ancestors are all present, and none of the new ones is where a shallow clone ends. If not,
   * git refuses the push, but only after its hook.
   * @param shallow where the history of the client's clone ends
   */
  async isWhole(commit: string, incoming: GitEnvironment, shallow: readonly string[]): Promise<boolean> {
    const quiet = shallow.length === 0 ? ['--quiet'] : [];
    const { status, stdout } = await this.ask(['rev-list', ...quiet, commit, '--not', '--all'], incoming);
    if (status !== 0) return false;
    const added = new Set(stdout.split('\n'));
    return !shallow.some((end) => added.has(end));
  }

  /** Makes a branch the default for clones, unless there is one already. */
  async offerHead(ref: string): Promise<void> {
    if ((await this.resolve('HEAD')) === undefined) await this.read(['symbolic-ref', 'HEAD', ref]);
  }

  /** The size of all its objects. */
  async bytes(): Promise<number> {
    const counted = await this.read(['count-objects', '-v']);
    const kilobytes = [...counted.matchAll(/^size(?:-pack)?: (\d+)$/gm)].map(([, count]) => Number(count));
    return kilobytes.reduce((sum, count) => sum + count, 0) * 1024;
  }

  /** Runs git and waits for its end. */
  ask(args: readonly string[], env?: GitEnvironment): Promise<Finished> {
    return this.#git.ask(this.path, args, env);
  }

  /**
   * Git's output.
   * @throws UserError `NO_GIT`, Error if git fails
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
