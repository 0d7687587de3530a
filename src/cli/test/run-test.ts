import type { Command } from 'commander';
import { copyEmpty } from '../../addons/empty-copy.js';
import { systemTime, type Time } from '../../base/clock.js';
import { type Closers, withClosers } from '../../base/closers.js';
import { inOneLine, UserError } from '../../base/errors.js';
import { findProgram } from '../../base/find-program.js';
import { realFolder } from '../../base/folders.js';
import { withoutKept } from '../../base/node-options.js';
import type { CommandLine } from '../../base/process.js';
import type { Containment } from '../../dynos/contain/index.js';
import type { Crash } from '../../dynos/dyno.js';
import { openHost } from '../../host/compose.js';
import type { Host } from '../../host/host.js';
import { addonFolders } from '../../host/host-addons.js';
import { privateIdentity, removeHome } from '../../host/identity.js';
import { fromConfig, StoreLayer, storeInMemory } from '../../host/store/store-layer.js';
import { LogBus } from '../../logs/bus.js';
import { folded, note } from '../output.js';
import { type AddedApp, addStartedApp } from '../start/add-app.js';
import { FailOn } from '../start/fail-on.js';
import { closeHost } from '../start/foreground.js';
import { hostSetup } from '../start/host-setup.js';
import { formationOf, type StartFlags, type StartOptions, startOptions } from '../start/options.js';
import { startFlags } from '../start/rc-file.js';
import { readAppFiles, warningsOf } from '../start/read-files.js';
import { leadTo } from '../tested-app.js';
import { KeptLog } from './kept-log.js';
import { type EndCause, printReport, type TestOutcome } from './report.js';
import { Signals } from './signals.js';
import { TestCommand } from './test-command.js';

/** The flags of `test`. */
interface TestFlags extends StartFlags {
  /** How long the command may take, ms. */
  readonly timeout: number;
  readonly logs: 'on-failure' | 'always' | 'never';
}

/** Flags for work on the app. In `.dynosimrc` they do not apply to tests; on the command line they do. */
const NOT_FOR_TESTS = ['port', 'watch', 'watchOnly'] as const;

/** As in a shell. */
const NO_SUCH_PROGRAM = 127;

/**
 * Runs a command while an app runs.
 * @param containment what dynos are started with; closed here
 * @returns the exit status
 * @throws UserError for what keeps the app from being started at all
 */
export async function runTest(
  words: CommandLine,
  command: Command,
  containment: Promise<Containment>,
): Promise<number> {
  return withClosers(async (closers) => {
    closers.add(async () => (await containment).close());
    if (findProgram(words[0], process.env.PATH ?? '') === undefined) return noSuchProgram(words);
    const { timeout, logs } = command.opts<TestFlags>();
    const dir = realFolder(command.opts<TestFlags>().dir);
    const options = startOptions(startFlags(dir, command, NOT_FOR_TESTS), dir, process.stderr.isTTY);
    const test = new Test({ words, options, timeoutMs: timeout, containment: await containment, closers });
    const { log, crashes, failOn } = test;
    const outcome = await test.run();
    // First: the report includes what the app logs while it ends.
    await closers.close();
    return printReport(outcome, { log, crashes, failOn, words, options, logs, timeoutMs: timeout });
  });
}

function noSuchProgram([name, ...args]: CommandLine): number {
  note(`dynosim: ${inOneLine(`There is no program "${name}"`, hintFor(name, args))}`);
  return NO_SUCH_PROGRAM;
}

function hintFor(name: string, args: readonly string[]): string | undefined {
  // `dynosim test web -- npm test`
  if (args.includes('--')) return 'Only flags stand before the --. For some process types: --formation';
  const isLine = args.length === 0 && /\s/.test(name);
  return isLine ? `For a line of a shell: dynosim test -- sh -c '${name}'` : undefined;
}

interface TestSetup {
  readonly words: CommandLine;
  readonly options: StartOptions;
  readonly timeoutMs: number;
  readonly containment: Containment;
  /** What they close lasts until the end of the app. */
  readonly closers: Closers;
}

interface OpenedApp extends Pick<AddedApp, 'app'> {
  readonly host: Host;
}

/** One run of `dynosim test`. */
class Test {
  /** All crashes of dynos, until the app is told to stop. */
  readonly crashes: Crash[] = [];
  readonly log: KeptLog;
  readonly failOn: FailOn;
  readonly #setup: TestSetup;
  readonly #time: Time;
  readonly #logs = new LogBus();
  readonly #signals: Signals;
  #onCrash: (crash: Crash) => void = () => {};

  constructor(setup: TestSetup) {
    this.#setup = setup;
    this.#time = systemTime(setup.options.speed);
    this.log = new KeptLog(this.#logs);
    this.failOn = new FailOn(setup.options.failOn);
    this.#logs.subscribe(this.failOn.take);
    this.#signals = new Signals(this.#time.real);
  }

  /** Resolves when the command has ended, or the app has not come up; the app may still run. */
  async run(): Promise<TestOutcome> {
    const crashed = new Promise<Crash>((resolve) => {
      this.#onCrash = resolve;
    });
    const opened = await this.#open();
    const { host, app } = opened;
    const starting = host
      .startApp(app, this.#setup.options.watchedSources)
      .then(() => app.supervisor.up())
      .then(() => undefined);
    const why = await Promise.race([
      starting.catch(asFailure),
      crashed.then((crash) => ({ at: 'not up', crash }) as const),
      this.#signals.interrupted.then((status) => ({ at: 'interrupted', status }) as const),
    ]);
    const outcome = why ?? (await this.#runCommand(opened));
    this.#onCrash = () => {};
    this.#signals.handle((signal) => signal === 'SIGINT' && host.kill());
    return outcome;
  }

  /** @throws UserError for what keeps the app from being started */
  async #open(): Promise<OpenedApp> {
    const { options, containment, closers } = this.#setup;
    const { env } = process;
    const files = readAppFiles(options.place, this.#time.real);
    const formation = formationOf(files.slug.processes, [], options);
    process.stderr.write(folded(warningsOf(files.problems)));
    const identity = privateIdentity(options.place.dir);
    closers.add(() => removeHome(env, identity));
    const theirs = addonFolders(env, options.place.dir);
    await copyEmpty(theirs.folder, addonFolders(env, identity.home).folder, identity.id);
    const router = { port: options.port ?? 0, isPortGiven: true };
    const world = { time: this.#time, containment, onStopRequest: refuseStop };
    const host = await openHost(hostSetup(options, router, identity.home, world));
    closers.add(() => closeHost(host, this.#logs.gate, this.#time.real, options.timeouts.shutdown));
    const added = await addStartedApp(
      host,
      options,
      { identity, containment },
      {
        slug: files.slug,
        // What the test sets is for this run only, and what is edited meanwhile is for the next one.
        layers: [new StoreLayer(storeInMemory(fromConfig(files.env.vars())))],
        formation,
        logs: this.#logs,
        onCrash: (crash) => this.#onCrash(crash),
      },
    );
    for (const gap of [...host.gaps, ...added.gaps]) note(gap);
    return { host, app: added.app };
  }

  async #runCommand(opened: OpenedApp): Promise<TestOutcome> {
    const { words, options, timeoutMs } = this.#setup;
    let because: EndCause | undefined;
    const command = await TestCommand.start(words, environment(opened), this.#time.real);
    this.#signals.handle((signal) => command.pass(signal));
    const end = (why: EndCause): void => {
      because ??= why;
      command.end();
    };
    this.#onCrash = (crash) => {
      this.crashes.push(crash);
      if (!options.exitsOnCrash) return;
      end('crash');
      // At once, or the dyno would start again.
      void opened.app.stop();
    };
    const cancel = this.#time.real.after(timeoutMs, () => end('timeout'));
    const { status, failure } = await command.finished;
    cancel();
    return { at: 'over', status, because, failure };
  }
}

/**
 * A command would wait for the end of this process, which waits for the command.
 * @throws UserError `IN_TEST`
 */
function refuseStop(): never {
  throw new UserError(
    'IN_TEST',
    'The app runs for "dynosim test", which stops it when its command has ended',
  );
}

function asFailure(error: unknown): TestOutcome {
  if (error instanceof UserError) return { at: 'not up', error };
  throw error;
}

/** The command's environment: that of this process, and where the app is. No config vars of the app. */
function environment({ host, app }: OpenedApp): NodeJS.ProcessEnv {
  const { url, address } = host;
  return {
    BASE_URL: url,
    ...withoutKept(process.env, true),
    DYNOSIM_URL: url,
    DYNOSIM_HTTPS_URL: url.replace(/^http:/, 'https:'),
    ...leadTo(address, app.name),
  };
}
