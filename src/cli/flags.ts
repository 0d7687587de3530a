import { Option } from 'commander';
import { formatDuration, parseDuration } from '../base/duration.js';
import { UserError } from '../base/errors.js';
import { parsePort } from '../config/dyno-env.js';

/** Describes `--env`. */
export const ENV_FILES = 'env files, separated by commas';

/** Reads `--env`: `-e .env -e .env.local` means the same as `-e .env,.env.local`. */
export function readEnvFlag(list: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...list.split(',').map((name) => name.trim())];
}

/** Reads a list of names; the flag may be given several times. */
export function readNames(list: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...list.split(',').map((name) => name.trim())].filter((name) => name !== '');
}

/** @param port the default */
export function portOption(flags: string, description: string, port?: number): Option {
  const option = new Option(flags, description);
  return option.argParser((text) => parsePort(text, option.long ?? '')).default(port);
}

/**
 * @param ms the default
 * @param shown how the help shows it
 */
export function durationOption(
  flags: string,
  description: string,
  ms: number,
  shown = formatDuration(ms),
): Option {
  const option = new Option(flags, description);
  return option.argParser((text) => parseDuration(text, option.long)).default(ms, shown);
}

/**
 * Reads how far to move platform time forward, in ms.
 * @throws UserError `BAD_DURATION`
 */
export function readAdvance(text: string): number {
  const ms = parseDuration(text);
  if (Number.isFinite(ms)) return ms;
  throw new UserError(
    'BAD_DURATION',
    `Platform time cannot be moved forward by "${text}"`,
    'Write for example 31m.',
  );
}
