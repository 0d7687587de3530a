import { randomUUID } from 'node:crypto';
import type { Session, WaitingDyno } from '../../apps/control.js';
import type { TerminalSize } from '../../apps/requests.js';
import type { Clock } from '../../base/clock.js';

/**
 * A client may name the terminal that it sits at, and tell later when its size has changed: the protocol of
 * `heroku run` has no words for it, but that CLI sends whatever headers it is told to.
 */
export const TERMINAL_HEADER = 'dynosim-terminal';

/** A dyno that nobody has attached to by then has been given up. */
const FORGOTTEN_AFTER_MS = 60_000;

/** A one-off dyno whose client has been told where to attach. */
export interface Awaited extends WaitingDyno {
  readonly hasTerminal: boolean;
  /** The name of the client's terminal; empty if it has not said so. */
  readonly terminal: string;
}

/** One-off dynos that wait for their clients, under ids that cannot be guessed. */
export class Attachments {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, { readonly dyno: Awaited; readonly since: number }>();
  readonly #sessions = new Map<string, Session>();

  /** @param clock real time */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the id. */
  add(dyno: Awaited): string {
    const now = this.#clock.now();
    for (const [id, { since }] of this.#waiting)
      if (now - since > FORGOTTEN_AFTER_MS) this.#waiting.delete(id);
    const id = randomUUID();
    this.#waiting.set(id, { dyno, since: now });
    return id;
  }

  /** A client's terminal has another size. */
  resize(terminal: string, size: TerminalSize): void {
    this.#sessions.get(terminal)?.resize(size);
  }

  /** Takes the dyno of an id, for one client only; undefined if there is none (any more). */
  take(id: string): Awaited | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting?.dyno;
  }

  /**
   * Attaches to a dyno that was taken, which starts it.
   * @throws UserError `CANNOT_ATTACH`
   */
  async attach({ attach, terminal }: Awaited): Promise<Session> {
    const session = await attach();
    if (terminal !== '') {
      this.#sessions.set(terminal, session);
      void session.status.then(() => {
        if (this.#sessions.get(terminal) === session) this.#sessions.delete(terminal);
      });
    }
    return session;
  }
}
