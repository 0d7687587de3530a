import { UserError } from '../base/errors.js';

interface Turn {
  readonly app: string;
  start(): void;
  giveUp(why: UserError): void;
}

/** What a build waits for: an earlier build of the same app, or builds of other apps. */
export type WaitReason = 'same app' | 'other apps';

/** Tells the user that a build waits. */
export function waitingLine(app: string, reason: WaitReason): string {
  return reason === 'same app'
    ? `Another build of ${app} is running, waiting...\n`
    : 'Builds of other apps are running, waiting...\n';
}

/** Runs builds in the order of their requests: one at a time for each app, and a limited number in total. */
export class BuildQueue {
  readonly #atATime: number;
  readonly #building = new Set<string>();
  #waiting: readonly Turn[] = [];
  #isClosed = false;

  constructor(atATime = 2) {
    this.#atATime = atATime;
  }

  /**
   * Does the work when its turn comes.
   * @param app identifies the app, even if it is renamed
   * @param onWait called at once if the work must wait
   * @throws UserError `STOPPING` if the queue is closed before that
   */
  async run<Result>(
    app: string,
    work: () => Promise<Result>,
    onWait: (reason: WaitReason) => void = () => {},
  ): Promise<Result> {
    if (this.#isClosed) throw stopping();
    if (this.#mayStart(app)) this.#building.add(app);
    else {
      const isSame = this.#building.has(app) || this.#waiting.some((turn) => turn.app === app);
      onWait(isSame ? 'same app' : 'other apps');
      await new Promise<void>((start, giveUp) => {
        this.#waiting = [...this.#waiting, { app, start, giveUp }];
      });
    }
    try {
      return await work();
    } finally {
      this.#building.delete(app);
      this.#startNext();
    }
  }

  /** Starts no more builds. Running builds continue. */
  close(): void {
    this.#isClosed = true;
    for (const turn of this.#waiting) turn.giveUp(stopping());
    this.#waiting = [];
  }

  #mayStart(app: string): boolean {
    return this.#building.size < this.#atATime && !this.#building.has(app);
  }

  #startNext(): void {
    const next = this.#waiting.find(({ app }) => this.#mayStart(app));
    if (!next) return;
    this.#waiting = this.#waiting.filter((turn) => turn !== next);
    this.#building.add(next.app);
    next.start();
  }
}

function stopping(): UserError {
  return new UserError('STOPPING', 'The host is stopping', 'Deploy again when it runs.');
}
