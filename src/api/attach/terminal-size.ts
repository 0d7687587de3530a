import type { TerminalSize } from '../../apps/requests.js';

/** Whether a client has sent a possible terminal size. */
export function isTerminalSize(size: Readonly<Record<keyof TerminalSize, unknown>>): size is TerminalSize {
  return isSize(size.columns) && isSize(size.rows);
}

function isSize(size: unknown): boolean {
  return typeof size === 'number' && Number.isInteger(size) && size > 0 && size < 65_536;
}
