import type { Question } from './hook.js';
import type { Repository } from './repository.js';

/** A push to build. git waits for the result in its hook. */
export interface Push extends Question {
  readonly app: string;
  readonly repository: Repository;
  /** The branch to build, one of `updates`: `refs/heads/main`. */
  readonly ref: string;
  readonly commit: string;
  /** Shows text to the client. The build continues if the client disconnects. */
  output(text: string): void;
}

/** Receives the pushes to the apps of a host. */
export interface GitHost {
  /**
   * The repository of an app.
   * @param app a name from a client's request, of any form
   * @returns undefined if there is no such app
   */
  repositoryOf(app: string): Promise<Repository | undefined>;
  /**
   * Builds and releases a push.
   * @returns whether git should move the refs
   * @throws UserError, which is shown to the client
   */
  receive(push: Push): Promise<boolean>;
}
