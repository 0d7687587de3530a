import { unreachable } from '../../base/errors.js';
import type { MemoryUse } from './memory-watch.js';
import { missingVar } from './missing-var.js';
import type { Boot } from './observe-boot.js';

/** The question that names the cause of a start that went wrong. */
export type Blame =
  | { readonly on: 'memory' }
  | { readonly on: 'config'; readonly name: string; readonly dyno: string }
  | { readonly on: 'port'; readonly ports: readonly number[] }
  | { readonly on: 'boot' };

/** What is known besides the start itself. */
export interface Circumstances {
  /** Whether a variable is in the dyno's environment. */
  isSet(name: string): boolean;
  readonly killed: MemoryUse | undefined;
}

/** A fixed port that another program has. */
const PORT_IN_USE =
  /EADDRINUSE.*?:(\d+)\b|address already in use.*?[:\s](\d{2,5})\b|\bport (\d{2,5})\b.{0,30}in use/i;

/** Whose fault it is that an app has not started; undefined if it has. */
export function blameOf(boot: Boot, { isSet, killed }: Circumstances): Blame | undefined {
  switch (boot.at) {
    case 'up':
    case 'started':
      return undefined;
    case 'refused':
      return { on: 'boot' };
    case 'silent':
      return boot.ports.length > 0 ? { on: 'port', ports: boot.ports } : { on: 'boot' };
    case 'ended':
      return killed ? { on: 'memory' } : blameForEnd(boot, isSet);
    default:
      return unreachable(boot);
  }
}

function blameForEnd(
  { lastWords, dyno }: Extract<Boot, { at: 'ended' }>,
  isSet: Circumstances['isSet'],
): Blame {
  const name = missingVar(lastWords, isSet);
  if (name !== undefined) return { on: 'config', name, dyno };
  const port = lastWords.flatMap((line) => PORT_IN_USE.exec(line)?.slice(1) ?? []).find((one) => one);
  return port === undefined ? { on: 'boot' } : { on: 'port', ports: [Number(port)] };
}
