import { randomBytes } from 'node:crypto';
import type { Queue } from '../../base/queue.js';
import type { LogEntry } from '../entry.js';
import type { Framing } from './frame.js';
import type { DrainLoss } from './loss.js';

/** Messages that are sent together. */
export interface Batch {
  /** The same at each attempt, so that a receiver can recognize a repetition. */
  readonly id: string;
  readonly body: Buffer;
  /** The number of messages, including one about a loss. */
  readonly messages: number;
  /** The number of messages from the log. */
  readonly lines: number;
  /** The loss that the batch reports. */
  readonly loss: DrainLoss | undefined;
}

/** A message at the start of a batch about lost messages. */
interface Notice {
  readonly loss: DrainLoss;
  readonly entry: LogEntry;
}

export interface BatchOptions {
  readonly framing: Framing;
  /** The largest size of a batch, unless a single message is larger. */
  readonly targetBytes: number;
  readonly notice: Notice | undefined;
}

/**
 * Takes a batch of messages from the buffer; undefined if it is empty. A loss is reported together with the next
 * message, as in `request_to_iolist` of https://github.com/heroku/logplex/blob/main/src/logplex_http_drain.erl
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
