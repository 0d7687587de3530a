import { Hold } from '../base/hold.js';
import { Deadline, type Deadlines } from './deadlines.js';
import type { ProxiedRequest } from './proxied-request.js';

/** How long a request may wait for its dyno or its client to do something. A debugger at the dyno stops the time. */
export class Silence extends Deadline {
  #ms = 0;
  /** Undefined until it is due. */
  #hold: Hold | undefined;

  constructor(request: Pick<ProxiedRequest, 'isDebugged'>, deadlines: Deadlines, onEnd: () => void) {
    super(deadlines, () => {
      this.#hold ??= new Hold();
      const moreMs = this.#hold.more(request.isDebugged, this.#ms);
      if (moreMs === undefined) onEnd();
      else super.start(moreMs);
    });
  }

  override start(ms: number): this {
    this.#ms = ms;
    this.#hold = undefined;
    return super.start(ms);
  }
}
