import type { Clock } from '../../base/clock.js';
import { Emitter } from '../../base/emitter.js';
import type { StreamAnswer } from '../route.js';

type Piece = string | Buffer;

/**
 * One server-sent event.
 * @param data made JSON of
 * @param name what kind it is, if there are several
 */
export function serverSentEvent(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** Real time. The Heroku CLI gives up a log of which nothing has come for five minutes. */
const QUIET_MS = 60_000;
/** Clients of server-sent events pass over it. https://html.spec.whatwg.org/multipage/server-sent-events.html */
const COMMENT = ':\n\n';

/**
 * Server-sent events as an answer that is never silent for long.
 * @param events whole ones: between two of them a comment may be put
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

/** Returns what waits until the promise has settled (true), or it has been quiet for too long (false). */
function watch(coming: Promise<unknown>, clock: Clock): () => Promise<boolean> {
  let isHere = false;
  const arrived = new Emitter();
  const arrive = (): void => {
    isHere = true;
    arrived.emit();
  };
  // Once, however often it is waited for: else each wait would leave something at the promise.
  coming.then(arrive, arrive);
  return async () => {
    const late = new AbortController();
    const cancel = clock.after(QUIET_MS, () => late.abort());
    if (!isHere) await arrived.next(late.signal);
    cancel();
    return isHere;
  };
}
