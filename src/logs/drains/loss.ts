import { herokuTime, type LogEntry } from '../entry.js';

/** Messages that a drain will never send. */
export interface DrainLoss {
  readonly count: number;
  /** When the first one was dropped: wall-clock ms. */
  readonly since: number;
}

export function addLoss(loss: DrainLoss | undefined, more: DrainLoss | undefined): DrainLoss | undefined {
  if (!loss || !more) return loss ?? more;
  return { count: loss.count + more.count, since: Math.min(loss.since, more.since) };
}

/** https://devcenter.heroku.com/articles/error-codes#l10-drain-buffer-overflow */
export function overflow(at: number, token: string, { count, since }: DrainLoss): LogEntry {
  const line = `Error L10 (output buffer overflow): drain '${token}' dropped ${count} messages since ${herokuTime(since)}.`;
  return { at, source: 'heroku', dyno: 'logplex', line };
}
