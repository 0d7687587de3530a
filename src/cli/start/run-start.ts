import { join } from 'node:path';
import { refuseSecond, runtimeFile } from '../../api/client/discovery.js';
import { appStateFolder, readToken, stateFolder } from '../../api/client/state-folder.js';
import type { Crash } from '../../apps/app.js';
import { AppFiles, type AppPlace, UnusableProcfile } from '../../apps/app-files.js';
import { type Clock, systemTime } from '../../base/clock.js';
import { Closers } from '../../base/closers.js';
import { formatDuration } from '../../base/duration.js';
import { realFolder } from '../../base/folders.js';
import { routerPort } from '../../config/dyno-env.js';
import type { Containment } from '../../dynos/contain/index.js';
import { composeApp, openHost } from '../../host/compose.js';
import type { Host } from '../../host/host.js';
import { LogBus } from '../../logs/bus.js';
import type { Output } from '../../logs/output.js';
import { createFormatter, LogSink } from '../../logs/sinks.js';
import { firstProblems, formatProblem, type Problem } from '../../procfile/problem.js';
import { wantsColor } from '../color.js';
import { banner, readyLine } from './banner.js';
import { Ending } from './ending.js';
import { ignoresHangUp, readHangUpClues } from './hang-up.js';
import { hostOptions } from './host-options.js';
import { formationOf, readOptions, refuseFolder, type StartFlags, type StartOptions } from './options.js';
import { openOutputs } from './outputs.js';
import { openOwnLog, recordEntry } from './own-log.js';
import { readRcFile } from './rc-file.js';
import { endOnSignals } from './stop-signals.js';

/** How long the terminal may take for the last lines. */
const LAST_LINES_MS = 2000;

/** A graceful end that takes longer reports which dynos it waits for. */
const LONG_END_MS = 2000;

/** How long dynos may wait at the end for a blocked terminal; then their last output is discarded. */
const STUCK_TERMINAL_MS = 5000;

/**
 * Runs an app in the foreground until it is stopped.
 * @param flags the values of all flags, and of those that were really on the command line
 * @param containment what processes are started with; closed here
 * @returns the exit status
 * @throws UserError for what keeps the app from starting
 */
export async function runStart(
  types: readonly string[],
  flags: { readonly all: StartFlags; readonly given: Partial<StartFlags> },
  containment: Promise<Containment>,
): Promise<number> {
  const closers = new Closers();
  closers.add(async () => (await containment).close());
  try {
    // One folder is one app with one name, whatever links lead to it.
    const dir = realFolder(flags.all.dir);
    // Before the Procfile is read: the user means that of another folder.
    refuseFolder(types.filter((type) => /[./]/.test(type)));
    const merged = { ...flags.all, ...readRcFile(dir), ...flags.given };
    const options = readOptions(merged, dir, process.stdout.isTTY);
    return await run(options, types, containment, closers);
  } finally {
    await closers.close();
  }
}

async function run(
  options: StartOptions,
  types: readonly string[],
  containing: Promise<Containment>,
  closers: Closers,
): Promise<number> {
  const time = systemTime(options.speed);
  const files = readOrWarn(options.place, time.real);
  const { slug, env } = files;
  const formation = formationOf(slug.processes, types, options);
  const ending = new Ending();
  const isHangUpIgnored = ignoresHangUp(readHangUpClues());
  const { stdout, stderr } = openOutputs({
    ending,
    clock: time.real,
    outlivesTerminal: isHangUpIgnored,
  });
  for (const output of [stdout, stderr]) closers.add(() => output.close({ timeoutMs: LAST_LINES_MS }));
  // The terminal shows ^C at the cursor: start a new row for what follows.
  const onInterrupt = (): void => {
    if (process.stdin.isTTY && process.stdout.isTTY) stdout.write('\n');
  };
  closers.add(endOnSignals({ ending, clock: time.real, ignoresHangUp: isHangUpIgnored, onInterrupt }));
  const state = stateFolder(process.env);
  const appState = appStateFolder(state, options.place.dir);
  const refuseIfRunning = () => refuseSecond(runtimeFile(appState), readToken(state));
  const ownLogFile = join(appState, 'dynosim.log');
  const ownLog = await openOwnLog(process.env.DYNOSIM_LOG, ownLogFile);
  if (ownLog) stderr.write(`dynosim's own log is in ${ownLogFile}\n`);
  stderr.write(warnings(files.problems));

  const containment = await containing;
  if (options.needsNewToken) {
    // With a new token, commands could no longer reach the app that runs already.
    await refuseIfRunning();
    readToken(state, { isNew: true });
  }
  const settings = hostOptions(options, env.vars(), { time, containment, ending, ownLog });
  const host = await openHost(settings).catch(async (error: unknown) => {
    // Most often it is this very app that has the port.
    await refuseIfRunning();
    throw error;
  });
  closers.add(() => close(host, stdout, time.real, options.timeouts.shutdown));
  ending.hurry.subscribe(() => host.kill());
  const onCrash = ({ dyno, exit }: Crash): void => {
    if (!options.exitsOnCrash || ending.isDecided) return;
    app.remark(`${dyno} exited with status ${exit.status}: stopping everything, as --exit-on-crash asks`);
    ending.decide(exit.status);
    // At once, or the dyno would start again.
    void app.stop();
  };
  const logs = await openLog(stdout, options);
  if (ownLog) logs.subscribe((entry) => recordEntry(ownLog, entry));
  const isSizeAsked = options.sizes !== undefined;
  const parts = { name: options.appName, isSizeAsked, slug, layers: [env], files, formation, logs, onCrash };
  const app = await host.addApp(composeApp({ ...options, ...parts }));
  stderr.write(banner(host, app, options.port ?? routerPort(env.vars(), process.env)));
  if (options.logFormat === 'json') stdout.write(readyLine(host, app));

  const starting = host.startApp(app, options.watchedSources);
  // A release command may take long, and a user who stops dynosim meanwhile must not wait for it.
  return Promise.race([starting.then(() => ending.status), ending.status]);
}

/** Stops everything gracefully, reports slow dynos, and does not wait for a blocked terminal for ever. */
async function close(host: Host, stdout: Output, clock: Clock, shutdownMs: number): Promise<void> {
  const timers = [
    clock.after(LONG_END_MS, () => remarkOnRemaining(host, shutdownMs)),
    clock.after(STUCK_TERMINAL_MS, () => stdout.gate.retire()),
  ];
  try {
    await host.close();
  } finally {
    for (const cancel of timers) cancel();
  }
}

function remarkOnRemaining(host: Host, shutdownMs: number): void {
  const when = Number.isFinite(shutdownMs)
    ? `SIGKILL follows ${formatDuration(shutdownMs)} after SIGTERM, or at once with Ctrl-C where dynosim runs`
    : 'SIGKILL follows only with Ctrl-C where dynosim runs';
  for (const app of host.apps) {
    const names = app.supervisor.remaining();
    if (names.length > 0) app.remark(`waiting for ${names.join(', ')}: ${when}`);
  }
}

async function openLog(output: Output, { logFormat }: StartOptions): Promise<LogBus> {
  const { stdout, env } = process;
  const color = wantsColor(stdout, env);
  const terminal = stdout.isTTY ? stdout : undefined;
  const sink = new LogSink(output, await createFormatter({ format: logFormat, color, terminal }));
  const logs = new LogBus(output.gate);
  logs.subscribe((entry) => sink.write(entry));
  return logs;
}

/** Prints the warnings about an unusable Procfile before the error, because they name the cause. */
function readOrWarn(place: AppPlace, clock: Clock): AppFiles {
  try {
    return new AppFiles(place, { clock, shell: process.env });
  } catch (error) {
    if (error instanceof UnusableProcfile) process.stderr.write(warnings(error.warnings));
    throw error;
  }
}

function warnings(problems: readonly Problem[]): string {
  const { shown, more } = firstProblems(problems);
  const rest = more > 0 ? [`… and ${more} more: dynosim check shows all`] : [];
  return [...shown.map(formatProblem), ...rest].map((line) => `${line}\n`).join('');
}
