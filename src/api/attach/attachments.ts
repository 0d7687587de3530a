import type { Session, WaitingDyno } from '../../apps/control.js';
import type { TerminalSize } from '../../apps/requests.js';
import type { Clock } from '../../base/clock.js';
import { crypto } from '../../base/crypto.js';

/**
 * A client may name its terminal in this header, and report later that the terminal's size has changed. The protocol of
 * `heroku run` cannot do that, but Heroku's CLI can be told to send additional headers.
 */
export const TERMINAL_HEADER = 'dynosim-terminal';

/** A dyno to which no client attaches within this time is forgotten. */
const FORGOTTEN_AFTER_MS = 60_000;

/** A one-off dyno that starts when its client attaches. */
export interface PendingDyno extends WaitingDyno {
  readonly hasTerminal: boolean;
  /** The name of the client's terminal; empty if the client did not send one. */
  readonly terminal: string;
}

/** One-off dynos that wait for their clients. Their IDs cannot be guessed. */
export class Attachments {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, { readonly dyno: PendingDyno; readonly since: number }>();
  readonly #sessions = new Map<string, Session>();

  /** @param clock real time */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns the ID */
  add(dyno: PendingDyno): string {
    const now = this.#clock.now();
    for (const [id, { since }] of this.#waiting)
      if (now - since > FORGOTTEN_AFTER_MS) this.#waiting.delete(id);
    const id = crypto().randomUUID();
    this.#waiting.set(id, { dyno, since: now });
    return id;
  }

  resize(terminal: string, size: TerminalSize): void {
    this.#sessions.get(terminal)?.resize(size);
  }

  /** Removes and returns the dyno with an ID, so that only one client gets it. */
  take(id: string): PendingDyno | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting?.dyno;
  }

  /**
   * Attaches to a dyno returned by `take`, which starts it.
   * @throws UserError `CANNOT_ATTACH`
   */
  async attach({ attach, terminal }: PendingDyno): Promise<Session> {
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
