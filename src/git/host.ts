import type { Question } from './hook.js';
import type { Repository } from './repository.js';

/** A push that builds: git waits for it within its hook. */
export interface Push extends Question {
  readonly app: string;
  readonly repository: Repository;
  /** The branch that is built, one of `updates`: `refs/heads/main`. */
  readonly ref: string;
  readonly commit: string;
  /** Shows text to whoever pushes, as it comes; they may have left, and the build goes on. */
  output(text: string): void;
}

/** What the apps of a host do with pushes. */
export interface GitHost {
  /**
   * The repository of an app.
   * @param app as a client has sent it
   * @returns undefined if there is no such app
   */
  repositoryOf(app: string): Promise<Repository | undefined>;
  /**
   * Builds and releases what was pushed.
   * @returns whether git moves the refs
   */
  receive(push: Push): Promise<boolean>;
}
