import { UserError } from './errors.js';

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** Whether a text is a duration with units, as `parseDuration` reads it; not `never` or `0`. */
export function isDuration(text: string): boolean {
  return WHOLE.test(text.trim().toLowerCase());
}

/**
 * Parses `500ms`, `30s`, `5m`, `1h30m`, `never` (Infinity) and `0` to milliseconds.
 * @param flag the flag that has it, for the error
 * @throws UserError `BAD_DURATION`
 */
export function parseDuration(text: string, flag?: string): number {
  const input = text.trim().toLowerCase();
  if (input === 'never') return Number.POSITIVE_INFINITY;
  if (input === '0') return 0;
  if (!isDuration(input)) {
    throw new UserError(
      'BAD_DURATION',
      `${flag === undefined ? '' : `${flag}: `}"${text}" is not a duration`,
      'Write for example 500ms, 30s, 5m, 1h30m or never.',
    );
  }
  let ms = 0;
  for (const [, amount, unit] of input.matchAll(PART))
    ms += Number(amount) * UNITS[unit as keyof typeof UNITS];
  return ms;
}

/** Formats a duration: `500ms`, `30s`, `1h30m`, `never`. `parseDuration` reverses it, to the ms. */
export function formatDuration(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'never';
  let left = Math.round(ms);
  if (left < 1000) return left === 0 ? '0s' : `${left}ms`;
  let text = '';
  for (const unit of ['h', 'm', 's', 'ms'] as const) {
    const amount = Math.floor(left / UNITS[unit]);
    if (amount > 0) text += `${amount}${unit}`;
    left -= amount * UNITS[unit];
  }
  return text;
}

/** In seconds, to a tenth: `0.3 s`. */
export function formatSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
