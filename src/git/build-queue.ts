interface Turn {
  readonly app: string;
  start(): void;
}

/** Why a build waits: for an earlier one of the same app, or for those of other apps. */
export type WaitReason = 'same app' | 'other apps';

/** Builds wait for their turn: one for each app at a time, and a few altogether, in the order in which they came. */
export class BuildQueue {
  readonly #atATime: number;
  readonly #building = new Set<string>();
  readonly #waiting: Turn[] = [];

  constructor(atATime = 2) {
    this.#atATime = atATime;
  }

  /**
   * Does the work when its turn has come.
   * @param app what tells apps apart, whatever they are called meanwhile
   * @param onWait called at once if the turn has not come yet
   */
  async run<Result>(
    app: string,
    work: () => Promise<Result>,
    onWait: (reason: WaitReason) => void = () => {},
  ): Promise<Result> {
    if (this.#mayStart(app)) this.#building.add(app);
    else {
      const isSame = this.#building.has(app) || this.#waiting.some((turn) => turn.app === app);
      onWait(isSame ? 'same app' : 'other apps');
      await new Promise<void>((start) => this.#waiting.push({ app, start }));
    }
    try {
      return await work();
    } finally {
      this.#building.delete(app);
      this.#startNext();
    }
  }

  #mayStart(app: string): boolean {
    return this.#building.size < this.#atATime && !this.#building.has(app);
  }

  #startNext(): void {
    const index = this.#waiting.findIndex(({ app }) => this.#mayStart(app));
    const [turn] = index === -1 ? [] : this.#waiting.splice(index, 1);
    if (!turn) return;
    this.#building.add(turn.app);
    turn.start();
  }
}
