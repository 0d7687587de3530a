import type { AppControl } from '../api/control.js';
import { appNameOf } from '../apps/app-name.js';
import type { Slug } from '../apps/slug.js';
import { systemTime } from '../base/clock.js';
import { Closers } from '../base/closers.js';
import { parseDynoSize } from '../base/sizes.js';
import type { Containment } from '../dynos/contain/index.js';
import { type HostSetup, openHost } from '../host/compose.js';
import { composeApp } from '../host/compose-app.js';
import { DEFAULTS } from '../host/defaults.js';
import type { Host } from '../host/host.js';
import { LogBus } from '../logs/bus.js';
import { createFormatter } from '../logs/sinks.js';
import {
  applyFormation,
  defaultFormation,
  expandAll,
  type Formation,
  type FormationChange,
  toQuantities,
} from '../procfile/formation.js';
import { formatProblem } from '../procfile/problem.js';
import { dataFolder } from '../tls/data-folder.js';
import { aborted, onAbort, refuseAborted } from './abort.js';
import { Beginning } from './beginning.js';
import { withLastLines } from './last-lines.js';
import { LogRecord } from './log-record.js';
import { ofOption, type TestAppSettings } from './options.js';
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
  const { signal, output = DEFAULTS.testing.output, waitFor = DEFAULTS.testing.waitFor } = settings;
  const logs = new LogBus();
  const log = new LogRecord(logs);
  if (output === 'inherit') await print(logs, world.stdout);
  let test: TestApp | undefined;
  try {
    test = await open(settings, world, logs, log);
    refuseAborted(signal);
    if (waitFor === 'up') await test.up();
    return test;
  } catch (error) {
    const why = signal?.aborted ? aborted(signal) : error;
    // Before the lines about the end.
    const explained = withLastLines(why, log.lastLines);
    await test?.stop();
    throw explained;
  }
}

async function open(
  settings: TestAppSettings,
  world: TestWorld,
  logs: LogBus,
  log: LogRecord,
): Promise<TestApp> {
  const time = systemTime(settings.speed ?? DEFAULTS.speed);
  const containment = await world.containment;
  const wanted = await read(settings).catch(async (error: unknown) => {
    await containment.close();
    throw error;
  });
  const host = await openTestHost(settings, { ...world, containment, time });
  const closers = new Closers();
  closers.add(() => host.close());
  try {
    const app = await startIn(host, wanted, settings, logs, world.settings);
    const { waitFor = DEFAULTS.testing.waitFor, signal } = settings;
    const { url, port, control } = host;
    const parts = { app, host: control, log, clock: time.real, url, port, waitFor };
    const close = (): Promise<void> => closers.close();
    const test = new RunningTestApp({ ...parts, beginning: await Beginning.of(app), close });
    // An error is reported by the next call of `stop`.
    closers.add(onAbort(signal, () => void test.stop().catch(() => {})));
    return test;
  } catch (error) {
    await closers.close();
    throw error;
  }
}

/** @throws UserError if the app cannot run as the options say */
async function read(settings: TestAppSettings) {
  const app = await readApp(settings);
  return { ...app, formation: await formationOf(app.slug, settings) };
}

/** A host that other processes do not find. */
function openTestHost(
  { timeouts, cycleAfter = DEFAULTS.testing.cycleAfterMs }: TestAppSettings,
  world: Pick<HostSetup, 'env' | 'containment' | 'time'>,
): Promise<Host> {
  const { env } = world;
  return openHost({
    ...world,
    timeouts: { ...DEFAULTS.timeouts, ...timeouts },
    cycleAfterMs: cycleAfter,
    dataFolder: dataFolder(env),
    control: 'none',
  });
}

async function startIn(
  host: Host,
  { slug, layer, problems, formation }: Awaited<ReturnType<typeof read>>,
  { size, sleepAfter, wakeDelay, memoryQuota }: TestAppSettings,
  logs: LogBus,
  others: TestProcess['settings'],
): Promise<AppControl> {
  const { sleep, testing } = DEFAULTS;
  const app = await host.addApp(
    composeApp({
      name: appNameOf(slug.dir),
      slug,
      layers: [layer],
      logs,
      formation,
      isSizeAsked: size !== undefined,
      memoryQuota,
      sleep: {
        ...sleep,
        afterMs: sleepAfter ?? sleep.afterMs,
        wakeDelayMs: wakeDelay ?? testing.wakeDelayMs,
      },
      ...others,
    }),
  );
  for (const problem of problems) app.remark(formatProblem(problem));
  await host.startApp(app);
  return host.control.app(app.name);
}

/** @throws UserError as `applyFormation`, `UNKNOWN_SIZE` */
async function formationOf(
  { processes }: Slug,
  { formation = {}, size = {} }: TestAppSettings,
): Promise<Formation> {
  const all = defaultFormation(processes.keys());
  const sizes = Object.entries(typeof size === 'string' ? { all: size } : size);
  const apply = (before: Formation, changes: readonly FormationChange[]): Formation =>
    applyFormation(before, expandAll(changes, [...all.keys()]));
  const sized = await ofOption('size', () =>
    apply(
      all,
      sizes.map(([type, name]) => ({ type, size: parseDynoSize(name) })),
    ),
  );
  return ofOption('formation', () => apply(sized, toQuantities(Object.entries(formation))));
}

/** Prints the log as `dynosim start` does, without colors. */
async function print(logs: LogBus, stdout: NodeJS.WriteStream): Promise<void> {
  const terminal = stdout.isTTY ? stdout : undefined;
  const format = await createFormatter({ format: terminal ? 'pretty' : 'heroku', color: false, terminal });
  logs.subscribe((entry) => stdout.write(format(entry)));
}
