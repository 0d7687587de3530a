import type { DynoView } from '../../apps/views.js';
import type { Style } from '../../base/style.js';
import { formatAge, formatAgo, formatTime } from './age.js';
import { formatBytes } from './bytes.js';
import { formatTable, type Layout } from './table.js';

export interface DynoFormat extends Layout {
  /** Wall-clock ms. */
  readonly now: number;
}

/**
 * The lines of `ps`, as Heroku's CLI prints them: one-off dynos first, the others grouped by command. The dyno's
 * port and memory follow Heroku's text.
 * https://github.com/heroku/cli/blob/main/src/commands/ps/index.ts
 */
export function formatDynos(dynos: readonly DynoView[], format: DynoFormat): readonly string[] {
  const { heading } = format;
  const lines: string[] = [];
  const oneOffs = dynos.filter(({ type }) => type === 'run');
  if (oneOffs.length > 0) {
    lines.push(heading(`run: one-off processes (${oneOffs.length})`), '');
    lines.push(...[...oneOffs].sort(byNumber).map((dyno) => oneOffLine(dyno, format)), '');
  }
  for (const group of groupByCommand(dynos.filter(({ type }) => type !== 'run'))) {
    const [{ type, size, command }] = group;
    lines.push(heading(`${type} (${size}): ${command} (${group.length})`), '');
    lines.push(...[...group].sort(byNumber).flatMap((dyno) => dynoLines(dyno, format)), '');
  }
  return lines;
}

/** One row for each dyno, with all its facts. */
export function formatDynoTable(
  dynos: readonly DynoView[],
  { now, paint, width }: DynoFormat,
): readonly string[] {
  const header = ['dyno', 'state', 'age', 'port', 'pid', 'memory', 'size', 'v', 'command'];
  const rows = [...dynos].sort(byTypeAndNumber).map((dyno) => {
    const { name, state, size, port, pid, since, release, command } = dyno;
    const age = formatAge(since, now) || formatTime(since).slice(0, 10);
    const numbers = [String(port ?? ''), String(pid ?? ''), formatMemory(dyno)];
    return [name, state, age, ...numbers, size, String(release), command];
  });
  return formatTable(
    { header, rows, flexible: 'command', expendable: ['size', 'v', 'pid', 'memory'] },
    width,
    (cell, column) => (column === 'state' ? paint(styleOf(cell.trim()), cell) : cell),
  );
}

/** `52 of 512 MB`, `900 MB of 1 GB`; empty for what is not known. */
function formatMemory({ memory, memoryQuota }: Pick<DynoView, 'memory' | 'memoryQuota'>): string {
  if (memory === undefined) return '';
  const used = formatBytes(memory);
  if (memoryQuota === undefined) return used;
  const quota = formatBytes(memoryQuota);
  const unit = quota.slice(-3);
  return `${used.endsWith(unit) ? used.slice(0, -3) : used} of ${quota}`;
}

/** One line, or two if it does not fit. */
function dynoLines(dyno: DynoView, { now, paint, width }: DynoFormat): readonly string[] {
  const { name, state, port, inspect, since } = dyno;
  const local = [
    port === undefined ? '' : `port ${port}`,
    inspect === undefined ? '' : `inspector ${inspect}`,
    formatMemory(dyno),
  ].filter((text) => text !== '');
  const ago = formatAgo(since, now);
  const said = `${name}: ${paint(styleOf(state), state)} ${paint('dim', ago)}`;
  if (local.length === 0) return [said];
  const more = `  ${paint('dim', local.join(', '))}`;
  const length = `${name}: ${state} ${ago}  ${local.join(', ')}`.length;
  return length <= width ? [said + more] : [said, more];
}

function oneOffLine({ name, size, state, command, since }: DynoView, { now, paint }: DynoFormat): string {
  const ago = formatAgo(since, now);
  return `${name} (${size}): ${paint(styleOf(state), state)} ${paint('dim', ago)}: ${command}`;
}

function styleOf(state: string): Style {
  return state === 'up' ? 'green' : 'yellow';
}

type Group = readonly [DynoView, ...DynoView[]];

/** Types with the same command form one group, under the name of the first. */
function groupByCommand(dynos: readonly DynoView[]): readonly Group[] {
  const groups = new Map<string, [DynoView, ...DynoView[]]>();
  for (const dyno of [...dynos].sort(byName)) {
    const group = groups.get(dyno.command);
    if (group) group.push(dyno);
    else groups.set(dyno.command, [dyno]);
  }
  return [...groups.values()];
}

function byName(a: DynoView, b: DynoView): number {
  return a.name < b.name ? -1 : 1;
}

function byNumber(a: DynoView, b: DynoView): number {
  return numberOf(a) - numberOf(b);
}

function byTypeAndNumber(a: DynoView, b: DynoView): number {
  return a.type === b.type ? byNumber(a, b) : a.type < b.type ? -1 : 1;
}

/** 12 of `web.12`. */
function numberOf({ name }: DynoView): number {
  return Number(name.slice(name.lastIndexOf('.') + 1));
}
