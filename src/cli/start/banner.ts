import { isAbsolute, relative, sep } from 'node:path';
import type { App } from '../../apps/app.js';
import { formatDuration } from '../../base/duration.js';
import type { Host } from '../../host/host.js';

interface Expected {
  /** 0 if any would do. */
  readonly wantedPort: number;
  /** What this system cannot do, a sentence each. */
  readonly gaps: readonly string[];
  /** Whether keys are obeyed now. */
  readonly hasKeys: boolean;
  /** Whether nobody sees it but in the log of `start -D`. */
  readonly isInBackground: boolean;
}

/** The first lines for people: what runs, where, and what to do next. */
export function banner(
  host: Host,
  app: App,
  { wantedPort, gaps, hasKeys, isInBackground }: Expected,
): string {
  const width = Math.max(...[...app.dynos.formation.keys()].map(({ length }) => length));
  const types = [...app.dynos.formation].map(([type, { quantity }]) => {
    const command = app.releases.slug.processes.get(type)?.command ?? '';
    return `  ${type.padEnd(width)}  ${quantity === 1 ? '' : `×${quantity} `}${command}`;
  });
  const isElsewhere = wantedPort !== 0 && wantedPort !== host.port;
  const typed = (command: string): string => commandFor(app, command, process.cwd(), process.env);
  return [
    ...gaps,
    ...(isElsewhere ? [`Port ${wantedPort} is taken; using ${host.port}.`] : []),
    app.dynos.formation.has('web')
      ? `${app.name} is at ${host.siteUrl}`
      : `${app.name} has no web process type: nothing answers at ${host.siteUrl}`,
    ...types,
    ...sleepLine(app),
    `Dashboard: ${host.address.dashboard}, opened by ${typed('dashboard')}`,
    `${isInBackground ? `${typed('stop')} stops it. Others` : 'Ctrl-C stops it. In another terminal'}: ${typed('ps')}, logs, run, --help`,
    ...(hasKeys ? ['Keys: h and Enter shows them'] : []),
    '',
  ].join('\n');
}

/** A command that works where `start` was typed: npm and npx put `dynosim` into the PATH of their own command only. */
function commandFor(
  { name, dir }: Pick<App, 'name' | 'dir'>,
  command: string,
  cwd: string,
  { npm_execpath }: NodeJS.ProcessEnv,
): string {
  const path = relative(dir, cwd);
  const isInside = path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  return `${npm_execpath === undefined ? '' : 'npx '}dynosim ${command}${isInside ? '' : ` -a ${name}`}`;
}

function sleepLine({ dynos, sleep }: App): readonly string[] {
  const { afterMs } = sleep.settings;
  if (!dynos.canSleep || afterMs === Number.POSITIVE_INFINITY) return [];
  const others = [...dynos.formation.keys()].some((type) => type !== 'web');
  return [
    `Sleeps after ${formatDuration(afterMs)} without requests${others ? ', workers too' : ''}. Never: --sleep-after never`,
  ];
}

/** The first line for programs that asked for JSON. */
export function readyLine(host: Host, app: App): string {
  const line = {
    event: 'ready',
    router: host.url,
    api: host.apiUrl,
    app: app.name,
    pid: process.pid,
    runtime: host.runtimeFile(app),
  };
  return `${JSON.stringify(line)}\n`;
}

/** A second line for them, once every dyno of the formation is up. */
export const UP_LINE = `${JSON.stringify({ event: 'up' })}\n`;
