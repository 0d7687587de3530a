import { Option } from 'commander';
import { formatDuration, parseDuration } from '../base/duration.js';
import { parsePort } from '../config/dyno-env.js';

/** Describes `--env`. */
export const ENV_FILES = 'env files, separated by commas';

/** Reads `--env`: `-e .env -e .env.local` means the same as `-e .env,.env.local`. */
export function readEnvFlag(list: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...list.split(',').map((name) => name.trim())];
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
