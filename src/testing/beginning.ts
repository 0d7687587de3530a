import type { AppControl } from '../api/control.js';
import { toQuantities } from '../procfile/formation.js';

/** How an app began, and the way back there. */
export class Beginning {
  readonly #app: AppControl;
  /** The number of dynos by type. */
  readonly #formation: ReadonlyMap<string, number>;
  readonly #config: ReadonlyMap<string, string>;

  private constructor(
    app: AppControl,
    formation: ReadonlyMap<string, number>,
    config: ReadonlyMap<string, string>,
  ) {
    this.#app = app;
    this.#formation = formation;
    this.#config = config;
  }

  /** Remembers an app as it is. */
  static async of(app: AppControl): Promise<Beginning> {
    return new Beginning(app, await quantitiesOf(app), await valuesOf(app));
  }

  /** Resolves when new runs of all dynos are starting. */
  async restore(): Promise<void> {
    // First of all: without dyno hours nothing starts.
    await this.#app.resetReport();
    // Fewer dynos, then new runs, then more dynos: so none starts twice.
    const before = await quantitiesOf(this.#app);
    await this.#scale((type, first) => Math.min(first, before.get(type) ?? first));
    const changes = await this.#configChanges();
    if (Object.keys(changes).length === 0) await this.#app.restart({ kind: 'all' });
    else await this.#app.setConfig(changes);
    await this.#scale((_, first) => first);
  }

  async #scale(quantity: (type: string, first: number) => number): Promise<void> {
    const wanted = Array.from(this.#formation, ([type, first]) => [type, quantity(type, first)] as const);
    await this.#app.scale(toQuantities(wanted));
  }

  async #configChanges(): Promise<Readonly<Record<string, string | null>>> {
    const now = await valuesOf(this.#app);
    const keys = new Set([...now.keys(), ...this.#config.keys()]);
    const changed = [...keys].filter((key) => now.get(key) !== this.#config.get(key));
    return Object.fromEntries(changed.map((key) => [key, this.#config.get(key) ?? null]));
  }
}

async function quantitiesOf(app: AppControl): Promise<ReadonlyMap<string, number>> {
  return new Map((await app.formation()).map(({ type, quantity }) => [type, quantity]));
}

async function valuesOf(app: AppControl): Promise<ReadonlyMap<string, string>> {
  return new Map(Object.entries(await app.configVars()).map(([key, { value }]) => [key, value]));
}
