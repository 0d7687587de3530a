import { herokuTime, type LogEntry } from '../entry.js';

/** Messages that a drain will never get. */
export interface Loss {
  readonly count: number;
  /** When the first was dropped: wall-clock ms. */
  readonly since: number;
}

/** Both together. */
export function addLoss(loss: Loss | undefined, more: Loss | undefined): Loss | undefined {
  if (!loss || !more) return loss ?? more;
  return { count: loss.count + more.count, since: Math.min(loss.since, more.since) };
}

/** https://devcenter.heroku.com/articles/error-codes#l10-drain-buffer-overflow */
export function overflow(at: number, token: string, { count, since }: Loss): LogEntry {
  const line = `Error L10 (output buffer overflow): drain '${token}' dropped ${count} messages since ${herokuTime(since)}.`;
  return { at, source: 'heroku', dyno: 'logplex', line };
}
