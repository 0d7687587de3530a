import type { DynoView } from './views.js';

/** A dyno as `dynosim ps --json` prints it: null for what it has not, times in ISO 8601, memory in bytes. */
export interface DynoJson extends Pick<DynoView, 'name' | 'type' | 'state' | 'size' | 'release' | 'command'> {
  /** `$PORT`. */
  readonly port: number | null;
  /** The app's own process. */
  readonly pid: number | null;
  /** The port of its inspector on 127.0.0.1. */
  readonly inspect: number | null;
  /** When its state last changed. */
  readonly since: string;
  /** Of all its processes. */
  readonly memory: number | null;
  /** Above it, the log has R14; null without limit. */
  readonly memoryQuota: number | null;
}

export function toDynoJson(dyno: DynoView): DynoJson {
  const { name, type, state, size, port, pid, inspect, since, release, command, memory, memoryQuota } = dyno;
  return {
    name,
    type,
    state,
    size,
    port: port ?? null,
    pid: pid ?? null,
    inspect: inspect ?? null,
    since: new Date(since).toISOString(),
    release,
    command,
    memory: memory ?? null,
    memoryQuota: memoryQuota ?? null,
  };
}
