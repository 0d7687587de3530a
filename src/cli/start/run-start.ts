import { join } from 'node:path';
import { isatty } from 'node:tty';
import type { Command } from 'commander';
import { refuseSecond, runtimeFile } from '../../api/client/discovery.js';
import { appStateFolder, readToken, stateFolder } from '../../api/client/state-folder.js';
import { systemTime } from '../../base/clock.js';
import { type Closers, withClosers } from '../../base/closers.js';
import { realFolder } from '../../base/folders.js';
import { routerPort } from '../../config/dyno-env.js';
import type { Containment } from '../../dynos/contain/index.js';
import type { Crash } from '../../dynos/dyno.js';
import { isInForeground } from '../../dynos/proc.js';
import { openHost } from '../../host/compose.js';
import { ownIdentity } from '../../host/identity.js';
import { LogBus } from '../../logs/bus.js';
import { limitLog } from '../background/limit-log.js';
import { hasKeyboard } from '../keys/keyboard.js';
import { note, showsColor } from '../output.js';
import { refuseUnknownSpeakers } from '../speaker.js';
import { addStartedApp } from './add-app.js';
import { banner, readyLine, UP_LINE } from './banner.js';
import { FailOn } from './fail-on.js';
import { closeHost, openForeground, openSink, remarkOnGaps } from './foreground.js';
import { hostSetup } from './host-setup.js';
import { LogView } from './log-view.js';
import {
  formationOf,
  refuseFolder,
  refuseUnknownTypes,
  type StartFlags,
  type StartOptions,
  startLog,
  startOptions,
} from './options.js';
import { openOwnLog, recordEntry } from './own-log.js';
import { startFlags } from './rc-file.js';
import { readAppFiles, warningsOf } from './read-files.js';

/**
 * Runs an app in the foreground until it is stopped.
 * @param containment what processes are started with; closed here
 * @returns the exit status
 * @throws UserError for what keeps the app from starting
 */
export async function runStart(
  types: readonly string[],
  command: Command,
  containment: Promise<Containment>,
): Promise<number> {
  return withClosers(async (closers) => {
    closers.add(async () => (await containment).close());
    // One folder is one app with one name, whatever links lead to it.
    const dir = realFolder(command.opts<StartFlags>().dir);
    // Before the Procfile is read: the user means that of another folder.
    refuseFolder(types.filter((type) => /[./]/.test(type)));
    const options = startOptions(startFlags(dir, command), dir, process.stdout.isTTY);
    const failOn = new FailOn(options.failOn);
    const status = await run(options, types, { containing: containment, closers, failOn });
    // Errors at the end count, too.
    await closers.close();
    if (failOn.failure === undefined) return status;
    note(`dynosim: ${failOn.failure}`);
    return status || 1;
  });
}

async function run(
  options: StartOptions,
  types: readonly string[],
  world: { readonly containing: Promise<Containment>; readonly closers: Closers; readonly failOn: FailOn },
): Promise<number> {
  const { containing, closers, failOn } = world;
  const time = systemTime(options.speed);
  const files = readAppFiles(options.place, time.real);
  const { slug, env } = files;
  const formation = formationOf(slug.processes, types, options);
  if (options.watchedSources) {
    const { typesOfRules } = await import('../../apps/watch/watch-rules.js');
    refuseUnknownTypes(typesOfRules(options.watchedSources), [...slug.processes.keys()]);
  }
  refuseUnknownSpeakers(options.hidden, [...slug.processes.keys()]);
  const state = stateFolder(process.env);
  const appState = appStateFolder(state, options.place.dir);
  const limit = options.isInBackground ? limitLog(startLog(appState), process.stdout.fd) : undefined;
  const foreground = openForeground(closers, time.real, limit);
  const { ending, stdout, stderr } = foreground;
  const refuseIfRunning = () => refuseSecond(runtimeFile(appState), readToken(state));
  const ownLogFile = join(appState, 'dynosim.log');
  const ownLog = await openOwnLog(process.env.DYNOSIM_LOG, ownLogFile);
  if (ownLog) stderr.write(`dynosim's own log is in ${ownLogFile}\n`);
  stderr.write(warningsOf(files.problems));

  const containment = await containing;
  if (options.needsNewToken) {
    // With a new token, commands could no longer reach the app that runs already.
    await refuseIfRunning();
    readToken(state, { isNew: true });
  }
  const port = options.port ?? routerPort(env.vars(), process.env);
  const isPortGiven = options.port !== undefined;
  const host = await openHost({
    ...hostSetup(options, { port, isPortGiven }, options.place.dir, {
      time,
      containment,
      onStopRequest: () => ending.decide(0),
    }),
    dir: options.place.dir,
    control: { dashboardFile: join(appState, 'dashboard.json') },
    onBug: (error) => {
      ownLog?.error({ error }, 'bug in the control API');
      throw error;
    },
  }).catch(async (error: unknown) => {
    // Most often it is this very app that has the port.
    await refuseIfRunning();
    throw error;
  });
  closers.add(() => closeHost(host, stdout.gate, time.real, options.timeouts.shutdown));
  remarkOnGaps(host, foreground);
  ending.hurry.subscribe(() => host.kill());
  const onCrash = ({ dyno, exit }: Crash): void => {
    if (!options.exitsOnCrash || ending.isDecided) return;
    app.remark(`${dyno} exited with status ${exit.status}: stopping everything, as --exit-on-crash asks`);
    ending.decide(exit.status);
    // At once, or the dyno would start again.
    void app.stop();
  };
  const color = options.mayColor && showsColor();
  const sink = await openSink(stdout, options.logFormat, color);
  const logs = new LogBus(stdout.gate);
  const view = new LogView(options);
  logs.subscribe((entry) => {
    if (view.shows(entry)) sink.write(entry);
  });
  logs.subscribe(failOn.take);
  if (ownLog) logs.subscribe((entry) => recordEntry(ownLog, entry));
  const identity = ownIdentity(options.place.dir);
  const parts = {
    slug,
    layers: [env],
    files,
    formation,
    logs,
    onCrash,
    hasColor: color && options.logFormat !== 'json',
  } as const;
  const { app, gaps } = await addStartedApp(host, options, { identity, containment }, parts);
  const hasKeys = hasKeyboard(isatty(0), process.env, options.logFormat);
  stderr.write(
    banner(host, app, {
      wantedPort: port,
      gaps: [...host.gaps, ...gaps],
      hasKeys: hasKeys && isInForeground(),
      isInBackground: options.isInBackground,
    }),
  );
  if (options.logFormat === 'json') stdout.write(readyLine(host, app));

  const starting = host.startApp(app, options.watchedSources);
  if (options.logFormat === 'json')
    void starting
      .then(() => app.supervisor.up())
      .then(
        () => stdout.write(UP_LINE),
        // Reported below.
        () => {},
      );
  if (hasKeys) {
    const { openKeys } = await import('../keys/open-keys.js');
    const control = await host.control.app(app.name);
    const write = (text: string): void => stderr.write(text);
    const of = { app: control, host: host.control, address: host.address, token: readToken(state) };
    closers.add(openKeys({ ...of, view, clock: time.real, mayColor: options.mayColor, write }));
  }
  // A release command may take long, and a user who stops dynosim meanwhile must not wait for it.
  return Promise.race([starting.then(() => ending.status), ending.status]);
}
