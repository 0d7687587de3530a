/** How an engine has to treat a process type. */

import { DYNO_SIZES, type DynoSizeName } from '../base/sizes.js';
import type { ExportedApp, ExportedProcess } from './app.js';

/** Names of types that do something at given times, and would do it twice if two of them ran. */
const CLOCK = /(?:^|[-_])(?:clock|cron|beat|celerybeat|schedul(?:er|e|ing)|timers?|tick(?:er)?)(?:$|[-_])/i;

/** Commands that do. */
const CLOCK_COMMAND =
  /\bclockwork\b|\bcelery\b.*\bbeat\b|\bcelery\b.*\s-B\b|\bsupercronic\b|\brufus-scheduler\b/;

/** Whether two of it must never run at the same time, not even while one replaces the other. */
export function isSingleton({ type, command }: ExportedProcess): boolean {
  return CLOCK.test(type) || CLOCK_COMMAND.test(command);
}

export function isWeb({ type }: Pick<ExportedProcess, 'type'>): boolean {
  return type === 'web';
}

/** Whether the app sleeps: as in dynosim, if its web dynos have a size that does. */
export function sleeps({ processes, sleepAfterMs }: ExportedApp): boolean {
  const web = processes.find(isWeb);
  return (
    web !== undefined && web.quantity > 0 && DYNO_SIZES[web.size].sleeps && Number.isFinite(sleepAfterMs)
  );
}

/** The size of one-off dynos and of the release command: as in dynosim, that of the first process type. */
export function oneOffSize({ processes: [first] }: ExportedApp): DynoSizeName {
  return first?.size ?? 'Eco';
}

/**
 * The memory of a dyno, in megabytes, as an engine writes it.
 * @param unit the engine's: `512M`
 * @returns undefined without a limit
 */
export function memoryLimit(
  { memoryQuota }: ExportedApp,
  { size }: Pick<ExportedProcess, 'size'>,
  unit: 'm' | 'M' | 'Mi',
): string | undefined {
  if (memoryQuota === undefined) return `${DYNO_SIZES[size].memoryMb}${unit}`;
  return Number.isFinite(memoryQuota) ? `${Math.ceil(memoryQuota / 1024 ** 2)}${unit}` : undefined;
}

/** A command as a dyno runs it. Not by `bash -l`, which would reset PATH. */
export function commandLine({ source }: Pick<ExportedApp, 'source'>, command: string): readonly string[] {
  return [shellOf({ source }), '-c', command];
}

/** The shell of the app's image: one of another's making may have no bash. */
export function shellOf({ source }: Pick<ExportedApp, 'source'>): 'bash' | 'sh' {
  return source.from === 'recipe' ? 'bash' : 'sh';
}

/** Whole seconds; a day for what has no limit. */
export function wholeSeconds(ms: number): number {
  return Math.min(Math.ceil(ms / 1000), 86_400);
}
