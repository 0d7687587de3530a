import type { Clock } from '../../base/clock.js';
import { Emitter } from '../../base/emitter.js';
import type { StreamAnswer } from '../route.js';

type Piece = string | Buffer;

/**
 * Formats a server-sent event.
 * @param data encoded as JSON
 * @param name the kind of event, if there are several
 */
export function serverSentEvent(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** Real time. Heroku's CLI gives up after five minutes without data. */
const QUIET_MS = 60_000;
/** Ignored by clients. https://html.spec.whatwg.org/multipage/server-sent-events.html */
const COMMENT = ':\n\n';

/**
 * Makes a response of server-sent events, with comments during long silences.
 * @param events complete events: comments may be inserted between them
 * @param clock real time
 */
export function serverSent(events: AsyncIterable<Piece>, clock: Clock): StreamAnswer {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/event-stream' },
    stream: neverQuiet(events, clock),
  };
}

async function* neverQuiet(events: AsyncIterable<Piece>, clock: Clock): AsyncGenerator<Piece> {
  const pieces = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const coming = pieces.next();
      const isHere = watch(coming, clock);
      while (!(await isHere())) yield COMMENT;
      const { done, value } = await coming;
      if (done) return;
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** Returns a function that waits until the promise has settled (true), or for `QUIET_MS` (false). */
function watch(coming: Promise<unknown>, clock: Clock): () => Promise<boolean> {
  let isHere = false;
  const arrived = new Emitter();
  const arrive = (): void => {
    isHere = true;
    arrived.emit();
  };
  // Only once: otherwise each wait would add callbacks to the promise.
  coming.then(arrive, arrive);
  return async () => {
    const late = new AbortController();
    const cancel = clock.after(QUIET_MS, () => late.abort());
    if (!isHere) await arrived.next(late.signal);
    cancel();
    return isHere;
  };
}
