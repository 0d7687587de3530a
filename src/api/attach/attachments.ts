import { randomUUID } from 'node:crypto';
import type { Attachment, TerminalSize } from '../../apps/attachment.js';

/**
 * A client may name the terminal that it sits at, and tell later when its size has changed: the protocol of
 * `heroku run` has no words for it, but that CLI sends whatever headers it is told to.
 */
export const TERMINAL_HEADER = 'dynosim-terminal';

/** One-off dynos that wait for their clients, under ids that cannot be guessed. */
export class Attachments {
  readonly #waiting = new Map<string, Attachment>();
  readonly #terminals = new Map<string, Attachment>();

  /**
   * Returns the id.
   * @param terminal the name of the client's terminal, if it has one
   */
  add(attachment: Attachment, terminal: string): string {
    const id = randomUUID();
    this.#waiting.set(id, attachment);
    if (terminal !== '') this.#terminals.set(terminal, attachment);
    void attachment.oneOff.exited.then(() => {
      this.#waiting.delete(id);
      if (this.#terminals.get(terminal) === attachment) this.#terminals.delete(terminal);
    });
    return id;
  }

  /** A client's terminal has another size. */
  resize(terminal: string, size: TerminalSize): void {
    this.#terminals.get(terminal)?.oneOff.run.io.resize(size);
  }

  /** Takes the one of an id, for one client only; undefined if there is none (any more). */
  take(id: string): Attachment | undefined {
    const attachment = this.#waiting.get(id);
    this.#waiting.delete(id);
    return attachment;
  }
}
