import type { Config, ConfigLayer, ConfigVar, OwnLayer, VarChanges } from '../../src/config/layers.js';

/** Config vars that are kept nowhere else. */
export class FakeStore implements OwnLayer {
  #vars: Map<string, ConfigVar>;

  constructor(vars: Readonly<Record<string, string>> = {}) {
    this.#vars = new Map(Object.entries(vars).map(([key, value]) => [key, stored(value)]));
  }

  vars(): Config {
    return this.#vars;
  }

  async write(changes: VarChanges): Promise<readonly string[]> {
    for (const [key, value] of changes) {
      if (value === null) this.#vars.delete(key);
      else this.#vars.set(key, stored(value));
    }
    return [];
  }

  async rollBack(vars: Config): Promise<void> {
    this.#vars = new Map(vars);
  }
}

/** An add-on's config vars, which nothing else can change. */
export function fakeAddon(name: string, vars: Readonly<Record<string, string>>): ConfigLayer {
  const entries = Object.entries(vars).map(
    ([key, value]) => [key, { value, from: { kind: 'addon', name } }] as const,
  );
  return { vars: () => new Map(entries) };
}

function stored(value: string): ConfigVar {
  return { value, from: { kind: 'store' } };
}
