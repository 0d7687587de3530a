import type { AppControl, HostControl } from '../api/control.js';
import { type DynoJson, toDynoJson } from '../apps/dyno-json.js';
import { isIn, targetOf } from '../apps/requests.js';
import type { ReportView } from '../apps/sleep/views.js';
import type { DynoView } from '../apps/views.js';
import type { Clock } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { toQuantities } from '../procfile/formation.js';
import type { Beginning } from './beginning.js';
import { Fetcher } from './fetcher.js';
import { withLastLines } from './last-lines.js';
import type { LogRecord } from './log-record.js';
import {
  configChanges,
  type Duration,
  duration,
  formation,
  killSignal,
  runOptions,
  waitOptions,
} from './options.js';
import { runCommand } from './run-command.js';
import type { KillSignal, RunResult, TestApp, TestLogEntry } from './test-app.js';
import { stopped, until, untilUp } from './waits.js';

/** What an app under test is made of. */
export interface TestAppParts {
  readonly app: AppControl;
  readonly host: HostControl;
  readonly log: LogRecord;
  /** Real time. */
  readonly clock: Clock;
  /** The router's URL. */
  readonly url: string;
  readonly port: number;
  readonly beginning: Beginning;
  readonly waitFor: 'up' | 'nothing';
  /** Stops everything gracefully. */
  close(): Promise<void>;
}

type ConfigRecord = Readonly<Record<string, string>>;

/** An app that runs in this process. */
export class RunningTestApp implements TestApp {
  readonly name: string;
  readonly url: string;
  readonly httpsUrl: string;
  readonly port: number;
  readonly #app: AppControl;
  readonly #host: HostControl;
  readonly #log: LogRecord;
  readonly #clock: Clock;
  readonly #parts: TestAppParts;
  readonly #fetcher: Fetcher;
  /** Aborted when the app stops. */
  readonly #over = new AbortController();
  /** Changes that were asked for and are not over. */
  readonly #changes = new Set<Promise<unknown>>();
  #stopping: Promise<void> | undefined;

  constructor(parts: TestAppParts) {
    const { app, host, log, clock, url, port } = parts;
    this.name = app.name;
    this.url = url;
    this.httpsUrl = `https://localhost:${port}`;
    this.port = port;
    this.#app = app;
    this.#host = host;
    this.#log = log;
    this.#clock = clock;
    this.#parts = parts;
    this.#fetcher = new Fetcher(url, log, clock);
  }

  get logs(): readonly TestLogEntry[] {
    return this.#log.entries;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return this.#do(() => this.#fetcher.fetch(path, init));
  }

  dynos(): Promise<readonly DynoJson[]> {
    return this.#do(async () => (await this.#app.dynos()).map(toDynoJson));
  }

  dyno(name: string): Promise<DynoJson> {
    return this.#do(async () => toDynoJson(await this.#view(name)));
  }

  up(what?: string): Promise<void> {
    return this.#do(async () => {
      const target = targetOf(what);
      if (target.kind !== 'all') await this.#requireSome(what ?? '');
      await untilUp(this.#host, target, this.#over.signal);
    });
  }

  settled(): Promise<void> {
    return this.#do(async () => {
      await this.#quiet();
      await this.#host.advanceClock(0);
    });
  }

  advance(time: Duration): Promise<void> {
    return this.#do(async () => {
      const ms = duration(time, 'duration');
      await this.#quiet();
      await this.#host.advanceClock(ms);
    });
  }

  sleep(): Promise<void> {
    return this.#change(async () => {
      await this.#fetcher.answered();
      await this.#app.sleep();
    });
  }

  wake(): Promise<void> {
    return this.#change(() => this.#app.wake());
  }

  scale(quantities: Readonly<Record<string, number>>): Promise<void> {
    return this.#change(async () => {
      await this.#app.scale(toQuantities(Object.entries(formation(quantities, 'formation'))));
    });
  }

  restart(what?: string): Promise<void> {
    return this.#change(async () => {
      const target = targetOf(what);
      const before = (await this.#formationDynos()).filter((dyno) => isIn(target, dyno));
      await this.#app.restart(target);
      await this.#begun(before);
    });
  }

  kill(dyno: string, signal: KillSignal = 'SIGKILL'): Promise<void> {
    return this.#change(async () => {
      const { id } = await this.#view(dyno);
      await this.#app.signalDyno({ dyno, signal: killSignal(signal, 'signal') });
      if (signal === 'SIGKILL') await this.#until((dynos) => dynos.every((other) => other.id !== id));
    });
  }

  config(changes?: Readonly<Record<string, string | null>>): Promise<ConfigRecord> {
    if (changes === undefined) return this.#do(() => this.#configVars());
    return this.#change(async () => {
      const wanted = configChanges(changes, 'config');
      const before = await this.#formationDynos();
      const { outcome } = await this.#app.setConfig(wanted);
      if (outcome !== 'unchanged') await this.#begun(before);
      return this.#configVars();
    });
  }

  run(command: string, options: Parameters<TestApp['run']>[1] = {}): Promise<RunResult> {
    return this.#do(() => runCommand(this.#app, command, runOptions(options, 'run')));
  }

  waitForLog(
    pattern: string | RegExp,
    options: Parameters<TestApp['waitForLog']>[1] = {},
  ): Promise<TestLogEntry> {
    return this.#do(() => {
      const { timeout = Number.POSITIVE_INFINITY } = waitOptions(options, 'waitForLog');
      return this.#log.first(pattern, { timeoutMs: timeout, clock: this.#clock, signal: this.#over.signal });
    });
  }

  report(): Promise<ReportView> {
    return this.#do(async () => {
      await this.#fetcher.answered();
      return this.#app.report();
    });
  }

  reset(): Promise<void> {
    return this.#change(async () => {
      const { beginning, waitFor } = this.#parts;
      this.#log.clear();
      await beginning.restore();
      if (waitFor === 'up') await untilUp(this.#host, targetOf(undefined), this.#over.signal);
      // A wake that was under way has ended meanwhile.
      await this.#app.resetReport();
    });
  }

  stop(): Promise<void> {
    this.#over.abort();
    this.#stopping ??= this.#explained(() => this.#parts.close());
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    return this.#explained(() => {
      if (this.#over.signal.aborted) throw stopped();
      return work();
    });
  }

  /** Also lets `settled` wait for the end of the work. */
  #change<T>(work: () => Promise<T>): Promise<T> {
    const change = this.#do(work);
    this.#changes.add(change);
    const forget = (): void => void this.#changes.delete(change);
    change.then(forget, forget);
    return change;
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    const call = new Error();
    try {
      return await work();
    } catch (error) {
      throw withLastLines(error, this.#log.lastLines, call);
    }
  }

  /** Resolves when what was asked for before is over. */
  async #quiet(): Promise<void> {
    while (this.#changes.size > 0) await Promise.allSettled(this.#changes);
    await this.#fetcher.answered();
  }

  #until(isTrue: (dynos: readonly DynoView[]) => boolean): Promise<void> {
    return until(this.#host, async () => isTrue(await this.#app.dynos()), this.#over.signal);
  }

  /** Resolves when each of these dynos has a new process, or none, and none is to come. */
  #begun(before: readonly DynoView[]): Promise<void> {
    return this.#until((dynos) =>
      before.every(({ name, id }) => {
        const now = dynos.find((dyno) => dyno.name === name);
        return !now || (now.id !== id && (now.pid !== undefined || now.state !== 'starting'));
      }),
    );
  }

  /** Those that are not one-off dynos. */
  async #formationDynos(): Promise<readonly DynoView[]> {
    const types = (await this.#app.formation()).map(({ type }) => type);
    return (await this.#app.dynos()).filter(({ type }) => types.includes(type));
  }

  /** @throws UserError `NO_SUCH_DYNO` */
  async #requireSome(what: string): Promise<void> {
    const dynos = await this.#formationDynos();
    if (dynos.some((dyno) => isIn(targetOf(what), dyno))) return;
    const names = dynos.map(({ name }) => name).join(', ');
    throw new UserError('NO_SUCH_DYNO', `There is no dyno ${what}`, `There are: ${names || 'none'}`);
  }

  /** @throws UserError `NO_SUCH_DYNO` */
  async #view(name: string): Promise<DynoView> {
    const found = (await this.#app.dynos()).find((dyno) => dyno.name === name);
    if (found) return found;
    const names = (await this.#app.dynos()).map((dyno) => dyno.name).join(', ');
    throw new UserError('NO_SUCH_DYNO', `There is no dyno ${name}`, `There are: ${names || 'none'}`);
  }

  async #configVars(): Promise<ConfigRecord> {
    const vars = Object.entries(await this.#app.configVars());
    return Object.fromEntries(vars.map(([key, { value }]) => [key, value]));
  }
}
