import { UserError } from '../base/errors.js';

interface Turn {
  readonly app: string;
  start(): void;
  giveUp(why: UserError): void;
}

/** Why a build waits: for an earlier one of the same app, or for those of other apps. */
export type WaitReason = 'same app' | 'other apps';

/** Builds wait for their turn: one for each app at a time, and a few altogether, in the order in which they came. */
export class BuildQueue {
  readonly #atATime: number;
  readonly #building = new Set<string>();
  #waiting: readonly Turn[] = [];
  #isClosed = false;

  constructor(atATime = 2) {
    this.#atATime = atATime;
  }

  /**
   * Does the work when its turn has come.
   * @param app what tells apps apart, whatever they are called meanwhile
   * @param onWait called at once if the turn has not come yet
   * @throws UserError `STOPPING` if the queue is closed before the turn comes
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

  /** Starts no more builds. Those that run go on. */
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
