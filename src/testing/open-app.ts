import { appNameOf } from '../apps/app-name.js';
import type { Slug } from '../apps/slug.js';
import { systemTime } from '../base/clock.js';
import { Closers } from '../base/closers.js';
import { parseDynoSize } from '../base/sizes.js';
import type { Containment } from '../dynos/contain/index.js';
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
import { aborted, onAbort } from './abort.js';
import { withLastLines } from './last-lines.js';
import { LogRecord } from './log-record.js';
import type { TestAppSettings } from './options.js';
import { readApp } from './read-app.js';
import { RunningTestApp } from './running-test-app.js';
import type { TestProcess } from './start.js';
import type { TestApp } from './test-app.js';

/** The process that runs an app under test, and the guard of its dynos. */
export interface TestWorld extends TestProcess {
  /** What processes are started with; closed with the app. */
  readonly containment: Promise<Containment>;
}

/**
 * Opens a host for an app under test, starts the app and waits until it is up.
 * @throws UserError `DYNO_CRASHED`, `ABORTED`, or about an invalid Procfile or env file
 */
export async function openTestApp(settings: TestAppSettings, world: TestWorld): Promise<TestApp> {
  const logs = new LogBus();
  const log = new LogRecord(logs);
  if (settings.output === 'inherit') await print(logs, world.stdout);
  const name = appNameOf(settings.dir);
  let test: TestApp | undefined;
  try {
    test = await open(settings, world, logs, log);
    if ((settings.waitFor ?? DEFAULTS.testing.waitFor) === 'up') await test.up();
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
  { env, containment: containing }: TestWorld,
  logs: LogBus,
  log: LogRecord,
): Promise<TestApp> {
  const { timeouts, speed = DEFAULTS.speed, signal } = settings;
  const { cycleAfter = DEFAULTS.testing.cycleAfterMs } = settings;
  const time = systemTime(speed);
  const containment = await containing;
  const { slug, layer, problems } = await readApp(settings).catch(async (error: unknown) => {
    await containment.close();
    throw error;
  });
  const host = await openHost({
    env,
    time,
    containment,
    timeouts: { ...DEFAULTS.timeouts, ...timeouts },
    cycleAfterMs: cycleAfter,
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
    const closers = new Closers();
    closers.add(() => host.close());
    const test = new RunningTestApp({
      app: await host.control.app(app.name),
      host: host.control,
      log,
      clock: time.real,
      url: host.url,
      port: host.port,
      close: () => closers.close(),
    });
    // An error is reported by the next call of `stop`.
    closers.add(onAbort(signal, () => void test.stop().catch(() => {})));
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
