import { once } from 'node:events';
import type { Clock } from '../base/clock.js';
import { formatDuration } from '../base/duration.js';
import { errorMessage, inOneLine, UserError } from '../base/errors.js';
import type { ProcessTree } from '../dynos/contain/index.js';
import { Gate } from '../logs/gate.js';
import { LineSplitter } from '../logs/lines.js';
import type { ServerDriver, ServerLine, ServerPlace } from './driver.js';
import type { AddonsWorld } from './world.js';

/** How long a server may take to end after SIGTERM. */
const END_MS = 10_000;

/** A start that takes longer is no longer waited for. A cluster may have much to recover after a kill. */
const START_MS = 30_000;

/** The pauses before a server that ended by itself is started again; the last one from then on. */
const PAUSES_MS = [0, 1000, 5000, 15_000, 60_000];

/** A server that has run this long has recovered: its next end counts as the first. */
const STABLE_MS = 60_000;

/** Why a run of a server ended, and what to do about it. */
interface Failure {
  readonly problem: string;
  readonly remedy?: string;
}

export interface AddonServerOptions {
  readonly driver: ServerDriver;
  readonly world: Pick<AddonsWorld, 'containment' | 'ports' | 'onBug'> & { readonly clock: Clock };
  /** The add-on as it is now, with the port to try first. */
  place(): Omit<ServerPlace, 'port'>;
  /** Called when the server listens on another port than before, which the add-on has from then on. */
  onPort(port: number): Promise<void>;
  /** Called with lines for the logs of the apps that it is attached to. */
  onLine(line: Pick<ServerLine, 'log' | 'remark'>): void;
}

/** The server of one add-on, started again whenever it ends by itself. */
export class AddonServer {
  readonly #options: AddonServerOptions;
  /** Another program has the port that the add-on had. */
  #isPortTaken = false;
  #tree: ProcessTree | undefined;
  #running: Promise<void> | undefined;
  #isStopping = false;
  /** The reason that the server itself gave for its end. */
  #lastWords = '';
  /** What has been remarked since it last ran for long: a server that fails again and again says the same each time. */
  readonly #said = new Set<string>();
  #settle: (isReady: boolean) => void = () => {};
  #endPause: () => void = () => {};

  constructor(options: AddonServerOptions) {
    this.#options = options;
  }

  /**
   * Starts the server. Resolves with true when it takes connections. Resolves with false if it has failed twice, or takes
   * too long: it is still started again and again, apps run without it meanwhile, and their logs have the reason.
   */
  start(): Promise<boolean> {
    const { world, place } = this.#options;
    return new Promise((resolve) => {
      const cancel = world.clock.after(START_MS, () => {
        const { name } = place().addon;
        this.#remark(`${name} takes no connections after ${formatDuration(START_MS)}; nothing waits for it`);
        this.#settle(false);
      });
      this.#settle = (isReady) => {
        cancel();
        resolve(isReady);
      };
      this.#running = this.#keepRunning()
        .catch(this.#options.world.onBug)
        .finally(() => this.#settle(false));
    });
  }

  /** Ends the server; its data stays. Resolves when none of its processes is left. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#endPause();
    this.#tree?.signal('SIGTERM');
    const cancel = this.#options.world.clock.after(END_MS, () => this.#tree?.signal('SIGKILL'));
    await this.#running;
    cancel();
  }

  async #keepRunning(): Promise<void> {
    const { clock } = this.#options.world;
    for (let ends = 0; !this.#isStopping; ) {
      const since = clock.now();
      const end = await this.#runOnce();
      if (this.#isStopping) return;
      if (end === 'port taken') continue;
      if (clock.now() - since > STABLE_MS) {
        ends = 0;
        this.#said.clear();
      }
      const { delay, when } = nextStart(ends);
      this.#remark(inOneLine(`${end.problem}; it is started again ${when}`, end.remedy));
      ends++;
      if (ends > 1) this.#settle(false);
      await this.#pause(delay);
    }
  }

  /** Runs the server until it ends. @returns why it ended */
  async #runOnce(): Promise<Failure | 'port taken'> {
    const { driver, world, place } = this.#options;
    const { addon } = place();
    const known = this.#isPortTaken ? null : addon.port;
    const port = known ?? (await world.ports.take());
    const spot: ServerPlace = { ...place(), port };
    let tree: ProcessTree;
    try {
      const spec = await driver.spec(spot);
      tree = await world.containment.start({ ...spec, name: addon.name, isServer: true });
    } catch (error) {
      if (!(error instanceof UserError)) world.onBug(error);
      const remedy = error instanceof UserError && error.hint;
      return { problem: `${addon.name} cannot start: ${errorMessage(error)}`, ...(remedy && { remedy }) };
    }
    this.#tree = tree;
    if (this.#isStopping) tree.signal('SIGTERM');
    let isTaken = false;
    const isRead = this.#read(tree, spot, (means) => {
      if (means === 'port taken') isTaken = true;
      else void this.#onReady(spot);
    });
    const [{ status }] = await Promise.all([tree.exited, isRead]);
    this.#tree = undefined;
    this.#isPortTaken ||= isTaken;
    // If even a port that was free is taken, something else is wrong.
    if (isTaken && known !== null) return 'port taken';
    return {
      problem: `${addon.name} ended with status ${status}${this.#lastWords && ` (${this.#lastWords})`}`,
    };
  }

  /** A server may say more than once in a run that it is ready. */
  async #onReady(spot: ServerPlace): Promise<void> {
    const { driver, place, onPort } = this.#options;
    try {
      await driver.prepare(spot);
      this.#isPortTaken = false;
      if (place().addon.port !== spot.port) await onPort(spot.port);
      this.#settle(true);
    } catch (error) {
      if (this.#isStopping) return;
      this.#remark(`${spot.addon.name} is not ready: ${errorMessage(error)}`);
      this.#settle(false);
    }
  }

  /** Resolves at the end of the output. */
  async #read(
    { output }: ProcessTree,
    spot: ServerPlace,
    onMeaning: (means: 'ready' | 'port taken') => void,
  ): Promise<void> {
    const { driver, onLine, world, place } = this.#options;
    const read = driver.reader(() => ({ ...spot, ...place() }));
    // A server that cannot start may give its reason in any line. One that has run does so in lines that mean it.
    let hasReason = false;
    this.#lastWords = '';
    const onLineRead = (line: string): void => {
      const { means, failure, log, remark } = read(line);
      if (failure !== undefined) this.#lastWords = failure;
      else if (means === 'ready') this.#lastWords = '';
      else if (!hasReason) this.#lastWords = line.trim();
      hasReason ||= failure !== undefined || means === 'ready';
      if (log !== undefined) onLine({ log });
      if (remark !== undefined) this.#remark(remark);
      if (means) onMeaning(means);
    };
    const splitter = new LineSplitter({
      clock: world.clock,
      gate: new Gate(),
      onLines: (lines) => lines.forEach(onLineRead),
    });
    output.on('data', (chunk: Buffer) => splitter.push(chunk));
    await once(output, 'close');
    splitter.end();
  }

  #remark(remark: string): void {
    if (this.#said.has(remark)) return;
    this.#said.add(remark);
    this.#options.onLine({ remark });
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.world.clock.after(ms, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** @param ends how often the server has ended before @returns the pause in ms, and words for it */
function nextStart(ends: number): { readonly delay: number; readonly when: string } {
  const last = PAUSES_MS.length - 1;
  const delay = PAUSES_MS[Math.min(ends, last)] ?? 0;
  if (delay === 0) return { delay, when: 'now' };
  return { delay, when: `${ends < last ? 'in' : 'every'} ${formatDuration(delay)}` };
}
