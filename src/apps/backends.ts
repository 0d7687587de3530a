import type { Dyno } from '../dynos/dyno.js';
import type { Supervisor } from '../dynos/supervisor.js';
import type { Backend, Backends, Readiness } from '../router/backends.js';

/** The web dynos of one app, as the router sees them. */
export class WebBackends implements Backends {
  readonly #supervisor: Supervisor;
  /** Worked out at the first question after a change: there are many more requests than changes. */
  #readiness: Readiness | undefined;

  constructor(supervisor: Supervisor) {
    this.#supervisor = supervisor;
    supervisor.onChange(() => {
      this.#readiness = undefined;
    });
  }

  readiness(): Readiness {
    this.#readiness ??= readinessOf(this.#supervisor.dynos('web'));
    return this.#readiness;
  }

  wake(): void {}

  onChange(listener: () => void): () => void {
    return this.#supervisor.onChange(listener);
  }

  requestStarted(): () => void {
    return () => {};
  }
}

function readinessOf(dynos: readonly Dyno[]): Readiness {
  const [first, ...others] = dynos.flatMap(backendOf);
  if (first) return { kind: 'up', backends: [first, ...others] };
  const statuses = new Set(dynos.map(({ status }) => status));
  if (statuses.has('starting')) return { kind: 'starting' };
  return { kind: statuses.has('crashed') ? 'crashed' : 'none' };
}

function backendOf({ name, status, run }: Dyno): Backend[] {
  if (status !== 'up' || !run?.listening) return [];
  const { host, port } = run.listening;
  return [{ id: run.id, dyno: name, host, port }];
}
