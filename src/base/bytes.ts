import { UserError } from './errors.js';

/** What Heroku calls MB: 1024 × 1024 bytes. */
export const MB = 1024 * 1024;

const UNITS = { k: 1024, m: MB, g: 1024 * MB } as const;
const SIZE = /^(\d+(?:\.\d+)?)([kmg])b?$/;

/**
 * Parses `60m`, `512MB`, `1.5g` and `never` (Infinity) to bytes.
 * @param name the flag or option that has it, for the error
 * @throws UserError `BAD_MEMORY`
 */
export function parseBytes(text: string, name: string): number {
  const input = text.trim().toLowerCase();
  if (input === 'never') return Number.POSITIVE_INFINITY;
  const [, amount, unit] = SIZE.exec(input) ?? [];
  const bytes = Number(amount) * UNITS[unit as keyof typeof UNITS];
  if (bytes > 0) return Math.round(bytes);
  throw new UserError(
    'BAD_MEMORY',
    `${name}: "${text}" is not an amount of memory`,
    'Write for example 60m, 512m, 1.5g or never.',
  );
}
