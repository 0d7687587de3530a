import { join } from 'node:path';
import { announceHost, claim, hostFile, refuseSecond } from '../../api/client/discovery.js';
import { cacheFolder, readToken, stateFolder } from '../../api/client/state-folder.js';
import { systemTime, type Time } from '../../base/clock.js';
import { type Closers, withClosers } from '../../base/closers.js';
import { errorCode, UserError } from '../../base/errors.js';
import type { Containment } from '../../dynos/contain/index.js';
import { holderOf } from '../../dynos/proc.js';
import { openHost } from '../../host/compose.js';
import type { Host } from '../../host/host.js';
import { type KeptApps, keepApps } from '../../host/kept-apps.js';
import { LogBus } from '../../logs/bus.js';
import type { LogEntry } from '../../logs/entry.js';
import { limitLog } from '../background/limit-log.js';
import { showsColor } from '../output.js';
import { closeHost, type Foreground, openForeground, openSink, remarkOnGaps } from '../start/foreground.js';
import { hostSetup } from '../start/host-setup.js';
import { type HostCommandOptions, type HostFlags, hostLog, hostOptions } from './options.js';

/**
 * Runs a host of many apps in the foreground until it is stopped.
 * @param containment what processes are started with; closed here
 * @returns the exit status
 * @throws UserError for what keeps it from starting
 */
export async function runHost(flags: HostFlags, containment: Promise<Containment>): Promise<number> {
  return withClosers(async (closers) => {
    closers.add(async () => (await containment).close());
    const options = hostOptions(flags, process.env, process.stdout.isTTY);
    const time = systemTime(options.speed);
    const limit = options.isInBackground ? limitLog(hostLog(options.state), process.stdout.fd) : undefined;
    const foreground = openForeground(closers, time.real, limit);
    const sink = await openSink(foreground.stdout, options.logFormat, showsColor());
    // Dynos log before the host is ready, but its own first lines come first.
    const early: LogEntry[] = [];
    let write = (entry: LogEntry): void => void early.push(entry);
    const world = { time, foreground, containment: await containment };
    const host = await open(options, { ...world, write: (entry) => write(entry) }, closers);
    foreground.stderr.write(banner(host, options));
    if (options.logFormat === 'json') foreground.stdout.write(readyLine(host, options));
    write = (entry) => sink.write(entry);
    for (const entry of early) write(entry);
    return foreground.ending.status;
  });
}

interface World {
  readonly time: Time;
  readonly foreground: Foreground;
  write(entry: LogEntry): void;
  readonly containment: Containment;
}

async function open(options: HostCommandOptions, world: World, closers: Closers): Promise<Host> {
  const { time, containment } = world;
  const { ending, stdout, stderr } = world.foreground;
  const router = { port: options.port, isPortGiven: true };
  const { env } = process;
  const shared = stateFolder(env);
  const token = readToken(shared);
  // Before a port is tried: its error would lead away from the cause.
  await refuseSecond(hostFile(options.state), token);
  const host = await openHost({
    ...hostSetup(options, router, options.state, {
      time,
      containment,
      onStopRequest: () => ending.decide(0),
    }),
    control: {
      token,
      stateFolder: shared,
      preferredPort: options.apiPort,
      isPortGiven: true,
      dashboardFile: join(options.state, 'dashboard.json'),
    },
    kept: keepApps({
      state: options.state,
      cache: join(cacheFolder(env), 'builds'),
      settings: { isStrict: options.isStrict, memoryQuota: options.memoryQuota, sleep: options.sleep },
      size: options.size,
      openLog: (app) => openLog(app, world),
      onProblem: (line) => stderr.write(`${line}\n`),
    }),
  }).catch((error: unknown) => {
    throw asPortTaken(error);
  });
  closers.add(() => closeHost(host, stdout.gate, time.real, options.timeouts.shutdown));
  ending.hurry.subscribe(() => host.kill());
  remarkOnGaps(host, world.foreground);
  const runtime = { ...host.address, state: options.state };
  closers.add(await claim(hostFile(options.state), runtime, token));
  // A user who stops it meanwhile must not wait for a database that recovers.
  await Promise.race([keptOf(host).load(), ending.status]);
  // Commands find it from now on.
  closers.add(announceHost(shared, runtime));
  return host;
}

function keptOf({ kept }: Host): KeptApps {
  if (!kept) throw new Error('This host keeps no apps');
  return kept;
}

/** One app's log: its entries are part of the host's. */
function openLog(app: () => string, { foreground, write }: World): LogBus {
  const logs = new LogBus(foreground.stdout.gate);
  logs.subscribe((entry) => write({ ...entry, app: app() }));
  return logs;
}

/** Makes a UserError of a taken port of the API. The router's own error is one already. */
function asPortTaken(error: unknown): unknown {
  if (errorCode(error) !== 'EADDRINUSE' || typeof error !== 'object' || error === null) return error;
  const port = 'port' in error ? Number(error.port) : 0;
  const holder = holderOf(port);
  return new UserError(
    'PORT_TAKEN',
    `Port ${port} of the control API is taken${holder === undefined ? '' : ` by ${holder}`}`,
    'Choose another one with --api-port; git remotes carry it.',
  );
}

/** The first lines for people: where everything is, and what to do next. */
function banner(host: Host, { state }: HostCommandOptions): string {
  const apps = host.apps.map(({ name }) => `  http://${name}.localhost:${host.port}`);
  return [
    ...host.gaps,
    `The host is at ${host.siteUrl}; its apps are kept in ${state}`,
    ...apps,
    ...(apps.length === 0
      ? ['No apps yet. In another terminal: dynosim create, then git push heroku main']
      : []),
    `Dashboard: ${host.address.dashboard}, opened by dynosim dashboard`,
    'Ctrl-C stops it. In another terminal: dynosim apps, eval "$(dynosim env)", --help',
    '',
  ].join('\n');
}

/** The first line for programs that asked for JSON. */
function readyLine(host: Host, { state }: HostCommandOptions): string {
  const { router, api, pid } = host.address;
  return `${JSON.stringify({ event: 'ready', router, api, pid, state })}\n`;
}
