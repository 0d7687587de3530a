import type { ApiDyno } from '../../api/client/app-client.js';
import type { Style } from '../../base/style.js';
import { formatAge, formatAgo, formatTime } from './age.js';
import { formatTable } from './table.js';

export interface DynoFormat {
  /** Wall-clock ms. */
  readonly now: number;
  readonly heading: (text: string) => string;
  readonly paint: (style: Style, text: string) => string;
  /** Columns of the terminal. */
  readonly width: number;
}

/**
 * The lines of `ps`, as Heroku's CLI prints them: one-off dynos first, the others in groups of one command. Behind
 * Heroku's text stands what only a machine of one's own can tell: the dyno's port and memory.
 * https://github.com/heroku/cli/blob/main/src/commands/ps/index.ts
 */
export function formatDynos(dynos: readonly ApiDyno[], format: DynoFormat): readonly string[] {
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

/** One row for each dyno, with all that is known of it. */
export function formatDynoTable(
  dynos: readonly ApiDyno[],
  { now, paint, width }: DynoFormat,
): readonly string[] {
  const header = ['dyno', 'state', 'age', 'port', 'pid', 'memory', 'size', 'v', 'command'];
  const rows = [...dynos].sort(byTypeAndNumber).map(({ name, state, size, release, command, dynosim }) => {
    const { port, pid, memory } = dynosim;
    const since = Date.parse(dynosim.since);
    const age = formatAge(since, now) || formatTime(since).slice(0, 10);
    const numbers = [String(port ?? ''), String(pid ?? ''), formatMemory(memory)];
    return [name, state, age, ...numbers, size, String(release.version), command];
  });
  return formatTable(
    { header, rows, flexible: 'command', expendable: ['size', 'v', 'pid', 'memory'] },
    width,
    (cell, column) => (column === 'state' ? paint(styleOf(cell.trim()), cell) : cell),
  );
}

/** `52 MB`, `1.2 GB`: of 1024, as the sizes of dynos are. */
function formatMemory(bytes: number | null): string {
  if (bytes === null) return '';
  const mb = bytes / 1024 / 1024;
  return mb < 1000 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`;
}

/** One line, or a second one for what has no room in the first. */
function dynoLines(dyno: ApiDyno, { now, paint, width }: DynoFormat): readonly string[] {
  const { name, state, dynosim } = dyno;
  const { port, memory } = dynosim;
  const local = [port === null ? '' : `port ${port}`, formatMemory(memory)].filter((text) => text !== '');
  const ago = formatAgo(Date.parse(dynosim.since), now);
  const said = `${name}: ${paint(styleOf(state), state)} ${paint('dim', ago)}`;
  if (local.length === 0) return [said];
  const more = `  ${paint('dim', local.join(', '))}`;
  const length = `${name}: ${state} ${ago}  ${local.join(', ')}`.length;
  return length <= width ? [said + more] : [said, more];
}

function oneOffLine({ name, size, state, command, dynosim }: ApiDyno, { now, paint }: DynoFormat): string {
  const ago = formatAgo(Date.parse(dynosim.since), now);
  return `${name} (${size}): ${paint(styleOf(state), state)} ${paint('dim', ago)}: ${command}`;
}

function styleOf(state: string): Style {
  return state === 'up' ? 'green' : 'yellow';
}

type Group = readonly [ApiDyno, ...ApiDyno[]];

/** Two types of the same command stand together, under the name of the first. */
function groupByCommand(dynos: readonly ApiDyno[]): readonly Group[] {
  const groups = new Map<string, [ApiDyno, ...ApiDyno[]]>();
  for (const dyno of [...dynos].sort(byName)) {
    const group = groups.get(dyno.command);
    if (group) group.push(dyno);
    else groups.set(dyno.command, [dyno]);
  }
  return [...groups.values()];
}

function byName(a: ApiDyno, b: ApiDyno): number {
  return a.name < b.name ? -1 : 1;
}

function byNumber(a: ApiDyno, b: ApiDyno): number {
  return numberOf(a) - numberOf(b);
}

function byTypeAndNumber(a: ApiDyno, b: ApiDyno): number {
  return a.type === b.type ? byNumber(a, b) : a.type < b.type ? -1 : 1;
}

/** 12 of `web.12`. */
function numberOf({ name }: ApiDyno): number {
  return Number(name.slice(name.lastIndexOf('.') + 1));
}
