import { Signal } from '../base/signal.js';
import type { Dyno } from '../dynos/dyno.js';
import type { Backend, Backends, Readiness } from '../router/backends.js';
import type { AppDynos } from './app-dynos.js';

/** The web dynos of one app, as the router sees them. */
export class WebBackends implements Backends {
  readonly #dynos: AppDynos;
  readonly #changed = new Signal();
  /** Worked out at the first question after a change: there are many more requests than changes. */
  #readiness: Readiness | undefined;
  #isInMaintenance = false;

  constructor(dynos: AppDynos) {
    this.#dynos = dynos;
    dynos.onChange(() => this.#onChange());
  }

  /** Every request is answered with H80, while dynos go on running. */
  get isInMaintenance(): boolean {
    return this.#isInMaintenance;
  }

  set isInMaintenance(isOn: boolean) {
    this.#isInMaintenance = isOn;
    this.#onChange();
  }

  readiness(): Readiness {
    this.#readiness ??= this.#isInMaintenance
      ? { kind: 'maintenance' }
      : readinessOf(this.#dynos.list('web'));
    return this.#readiness;
  }

  wake(): void {}

  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  requestStarted(): () => void {
    return () => {};
  }

  #onChange(): void {
    this.#readiness = undefined;
    this.#changed.emit();
  }
}

function readinessOf(dynos: readonly Dyno[]): Readiness {
  const [first, ...others] = dynos.flatMap(backendOf);
  if (first) return { kind: 'up', backends: [first, ...others] };
  if (dynos.some(({ isComing }) => isComing)) return { kind: 'starting' };
  return { kind: dynos.some(({ status }) => status === 'crashed') ? 'crashed' : 'none' };
}

function backendOf({ name, status, run }: Dyno): Backend[] {
  if (status !== 'up' || !run?.listening) return [];
  const { host, port } = run.listening;
  return [{ id: run.id, dyno: name, host, port, occupy: () => run.occupy() }];
}
