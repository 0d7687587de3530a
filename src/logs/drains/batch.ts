import { randomBytes } from 'node:crypto';
import type { Queue } from '../../base/queue.js';
import type { LogEntry } from '../entry.js';
import type { Framing } from './frame.js';
import type { Loss } from './loss.js';

/** Messages that travel together. */
export interface Batch {
  /** The same at each attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly body: Buffer;
  /** How many messages the body has, with that about a loss. */
  readonly messages: number;
  /** How many of them are the app's. */
  readonly lines: number;
  /** The loss that it reports. */
  readonly loss: Loss | undefined;
}

/** A message at the head of a batch about those that were lost before it. */
interface Notice {
  readonly loss: Loss;
  readonly entry: LogEntry;
}

export interface BatchOptions {
  readonly framing: Framing;
  /** A batch becomes no larger, unless a single message is. */
  readonly targetBytes: number;
  readonly notice: Notice | undefined;
}

/**
 * Takes as many messages from the buffer as go together; undefined if it has none. What was lost is told along with
 * the next message, as by `request_to_iolist` of https://github.com/heroku/logplex/blob/main/src/logplex_http_drain.erl
 */
export function takeBatch(buffer: Queue<LogEntry>, options: BatchOptions): Batch | undefined {
  const { framing, targetBytes, notice } = options;
  if (buffer.size === 0) return undefined;
  const frames = notice ? [framing(notice.entry)] : [];
  const lines = takeFrames(buffer, framing, targetBytes);
  frames.push(...lines);
  return {
    id: randomBytes(16).toString('hex').toUpperCase(),
    body: Buffer.from(frames.join('')),
    messages: frames.length,
    lines: lines.length,
    loss: notice?.loss,
  };
}

function takeFrames(buffer: Queue<LogEntry>, framing: Framing, targetBytes: number): string[] {
  const frames: string[] = [];
  let bytes = 0;
  for (let entry = buffer.peek(); entry; entry = buffer.peek()) {
    const frame = framing(entry);
    bytes += Buffer.byteLength(frame);
    if (bytes > targetBytes && frames.length > 0) break;
    frames.push(frame);
    buffer.shift();
  }
  return frames;
}
