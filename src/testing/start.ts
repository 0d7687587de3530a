import { appNameOf } from '../apps/app-name.js';
import type { Slug } from '../apps/slug.js';
import { systemTime } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { parseDynoSize } from '../base/sizes.js';
import { openHost } from '../host/compose.js';
import { composeApp } from '../host/compose-app.js';
import { DEFAULTS } from '../host/defaults.js';
import { LogBus } from '../logs/bus.js';
import { createFormatter } from '../logs/sinks.js';
import {
  applyFormation,
  defaultFormation,
  expandAll,
  type Formation,
  type FormationChange,
} from '../procfile/formation.js';
import { formatProblem } from '../procfile/problem.js';
import { dataFolder } from '../tls/data-folder.js';
import { withLastLines } from './last-lines.js';
import { LogRecord } from './log-record.js';
import { readOptions, type TestAppSettings } from './options.js';
import { readApp } from './read-app.js';
import { RunningTestApp } from './running-test-app.js';
import type { TestApp } from './test-app.js';

/** The process that runs an app under test. */
export interface TestProcess {
  /** The dynos' environment, in addition to their config vars. */
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WriteStream;
}

/**
 * Starts an app under test: in a host of its own, which other processes do not find.
 * @param options as given by the caller, not checked yet
 * @throws UserError `BAD_OPTION`, `DYNO_CRASHED`, `ABORTED`, or about an invalid Procfile or env file
 */
export async function startTestApp(options: unknown, world: TestProcess): Promise<TestApp> {
  const settings = readOptions(options);
  refuseAborted(settings);
  const logs = new LogBus();
  const log = new LogRecord(logs);
  if (settings.output === 'inherit') await print(logs, world.stdout);
  const name = appNameOf(settings.dir);
  let test: TestApp | undefined;
  try {
    test = await open(settings, { logs, log, env: world.env });
    if ((settings.waitFor ?? DEFAULTS.testing.waitFor) === 'up') await test.up();
    refuseAborted(settings);
    return test;
  } catch (error) {
    const why = settings.signal?.aborted ? aborted(settings.signal) : error;
    // Before the lines about the end.
    const explained = withLastLines(why, name, log.lastLines);
    await test?.stop();
    throw explained;
  }
}

async function open(
  settings: TestAppSettings,
  { logs, log, env }: { readonly logs: LogBus; readonly log: LogRecord; readonly env: NodeJS.ProcessEnv },
): Promise<TestApp> {
  const { timeouts, speed = DEFAULTS.speed, signal } = settings;
  const { slug, layer, problems } = await readApp(settings);
  const time = systemTime(speed);
  const host = await openHost({
    env,
    time,
    timeouts: { ...DEFAULTS.timeouts, ...timeouts },
    dataFolder: dataFolder(env),
    control: 'none',
  });
  try {
    const app = await host.addApp(
      composeApp({
        name: appNameOf(settings.dir),
        slug,
        layers: [layer],
        logs,
        formation: formationOf(slug, settings),
        isSizeAsked: settings.size !== undefined,
        sleep: sleepOf(settings),
      }),
    );
    for (const problem of problems) app.remark(formatProblem(problem));
    await host.startApp(app);
    const test = new RunningTestApp({
      app: await host.control.app(app.name),
      host: host.control,
      log,
      clock: time.real,
      url: host.url,
      port: host.port,
      close: () => host.close(),
    });
    // The listener is not removed: a signal that outlives many apps would be a strange one, and stopping twice is harmless.
    signal?.addEventListener('abort', () => void test.stop().catch(() => {}), { once: true });
    return test;
  } catch (error) {
    await host.close();
    throw error;
  }
}

/** @throws UserError as `applyFormation`, `UNKNOWN_SIZE` */
function formationOf({ processes }: Slug, { formation = {}, size = {} }: TestAppSettings): Formation {
  const all = defaultFormation(processes.keys());
  const sizes = typeof size === 'string' ? { all: size } : size;
  const changes: readonly FormationChange[] = [
    ...Object.entries(sizes).map(([type, name]) => ({ type, size: parseDynoSize(name) })),
    ...Object.entries(formation).map(([type, to]) => ({ type, quantity: { to } })),
  ];
  return applyFormation(all, expandAll(changes, [...all.keys()]));
}

function sleepOf({ sleepAfter, wakeDelay }: TestAppSettings) {
  const { sleep, testing } = DEFAULTS;
  return { ...sleep, afterMs: sleepAfter ?? sleep.afterMs, wakeDelayMs: wakeDelay ?? testing.wakeDelayMs };
}

/** Prints the log as `dynosim start` does, without colors. */
async function print(logs: LogBus, stdout: NodeJS.WriteStream): Promise<void> {
  const terminal = stdout.isTTY ? stdout : undefined;
  const format = await createFormatter({ format: terminal ? 'pretty' : 'heroku', color: false, terminal });
  logs.subscribe((entry) => stdout.write(format(entry)));
}

/** @throws UserError `ABORTED` */
function refuseAborted({ signal }: TestAppSettings): void {
  if (signal?.aborted) throw aborted(signal);
}

function aborted({ reason }: AbortSignal): UserError {
  const error = new UserError('ABORTED', 'The start of the app was aborted');
  error.cause = reason;
  return error;
}
