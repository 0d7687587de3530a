import type { Clock } from '../../base/clock.js';
import type { Dyno } from '../../dynos/dyno.js';
import type { App } from '../app.js';

/** How many names a line has. */
const NAMED = 3;

/** Files that have changed, and the restart that they cause. */
interface Restart {
  readonly files: Set<string>;
  /** Real time, ms. */
  readonly since: number;
  /** The runs at the time, by dyno. */
  readonly before: Map<string, string | undefined>;
}

/** What it needs of an app. */
export type RestartedApp = Pick<App, 'dynos' | 'supervisor' | 'remark' | 'detail' | 'sumUp'>;

/** Restarts dynos for new sources, and sums each restart up in one line: what changed, what restarted, how long it took. */
export class WatchedRestarts {
  readonly #app: RestartedApp;
  readonly #clock: Clock;
  #restart: Restart | undefined;
  /** The dynos of each restart whose routine lines are summed up. */
  readonly #summedUp = new Set<Set<string>>();
  readonly #unsubscribe: () => void;

  /** @param clock real time */
  constructor(app: RestartedApp, clock: Clock) {
    this.#app = app;
    this.#clock = clock;
    this.#unsubscribe = app.supervisor.onChange(() => this.#review());
  }

  close(): void {
    this.#unsubscribe();
  }

  /**
   * Restarts dynos. What changes before they are up belongs to the same line.
   * @param types of the dynos; undefined: all
   * @returns resolves when nothing starts or stops
   */
  async restart(files: readonly string[], types: readonly string[] | undefined): Promise<void> {
    const { dynos, supervisor } = this.#app;
    const affected = supervisor
      .dynos()
      .filter(({ type, status }) => types?.includes(type) !== false && status !== 'idle');
    if (affected.length === 0)
      return this.#app.remark(`${nameSome(files)} changed: no dyno runs that it would restart`);
    const restart = this.#restart ?? { files: new Set(), since: this.#clock.now(), before: new Map() };
    // Until all have begun, none of them tells anything.
    this.#restart = undefined;
    for (const file of files) restart.files.add(file);
    for (const { name, run } of affected) restart.before.set(name, run?.id);
    this.#app.detail(`${nameSome(files)} changed: restarting`);
    const names = new Set(affected.map(({ name }) => name));
    const end = this.#app.sumUp(names);
    dynos.replace(types);
    // Not earlier: those that have crashed before begin anew.
    this.#summedUp.add(names);
    this.#restart = restart;
    this.#review();
    await supervisor.settled();
    this.#summedUp.delete(names);
    end();
  }

  #review(): void {
    const restart = this.#restart;
    const { supervisor } = this.#app;
    for (const { name, status } of supervisor.dynos())
      if (status === 'crashed') for (const names of this.#summedUp) names.delete(name);
    const dynos = supervisor.dynos().filter(({ name }) => restart?.before.has(name));
    if (!restart || dynos.some(({ isRestarting }) => isRestarting)) return;
    this.#restart = undefined;
    if (!supervisor.isStopped) this.#app.remark(describe(restart, dynos, this.#clock.now()));
  }
}

function describe({ files, since, before }: Restart, dynos: readonly Dyno[], now: number): string {
  const isNew = ({ name, status, run }: Dyno): boolean => status === 'up' && run?.id !== before.get(name);
  const restarted = dynos.filter(isNew).map(({ name }) => name);
  // With those that were scaled away meanwhile.
  const others = [...before.keys()].filter((name) => !restarted.includes(name));
  const outcome = [
    ...(restarted.length > 0 ? [`restarted ${nameSome(restarted)}`] : []),
    ...(others.length > 0
      ? [`${restarted.length > 0 ? 'but not' : 'did not restart'} ${nameSome(others)}`]
      : []),
  ];
  return `${nameSome([...files])} changed: ${outcome.join(', ')} in ${((now - since) / 1000).toFixed(1)}s`;
}

/** `a.js, b.js, c.js and 4 more` */
function nameSome(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
