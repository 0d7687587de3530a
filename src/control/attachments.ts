import { randomUUID } from 'node:crypto';
import type { Attachment } from '../apps/attachment.js';

/** One-off dynos that wait for their clients, under ids that cannot be guessed. */
export class Attachments {
  readonly #waiting = new Map<string, Attachment>();

  /** Returns the id. */
  add(attachment: Attachment): string {
    const id = randomUUID();
    this.#waiting.set(id, attachment);
    void attachment.oneOff.exited.then(() => this.#waiting.delete(id));
    return id;
  }

  /** Takes the one of an id, for one client only; undefined if there is none (any more). */
  take(id: string): Attachment | undefined {
    const attachment = this.#waiting.get(id);
    this.#waiting.delete(id);
    return attachment;
  }
}
