import { Emitter } from '../base/emitter.js';
import type { Dyno } from '../dynos/dyno.js';
import type { Supervisor } from '../dynos/supervisor.js';
import type { Backend, Backends, Passage, Readiness } from '../router/backends.js';
import type { AppSleep } from './sleep/app-sleep.js';

/** The web dynos of one app, as the router sees them. */
export class WebBackends implements Backends {
  readonly #supervisor: Supervisor;
  readonly #sleep: AppSleep;
  readonly #changed = new Emitter();
  /** Worked out at the first question after a change: there are many more requests than changes. */
  #readiness: Readiness | undefined;
  #isInMaintenance = false;
  #observeRequest: (() => () => void) | undefined;

  constructor(supervisor: Supervisor, sleep: AppSleep) {
    this.#supervisor = supervisor;
    this.#sleep = sleep;
    supervisor.onChange(() => this.#onChange());
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
      : readinessOf(this.#supervisor.dynos('web'));
    const isHopeless = this.#readiness.kind === 'idle' && this.#sleep.isExhausted;
    return isHopeless ? { kind: 'exhausted' } : this.#readiness;
  }

  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  /** @param started called at the start of every request; what it returns is called at the request's end */
  observeRequests(started: () => () => void): void {
    this.#observeRequest = started;
  }

  requestStarted(userAgent: string): Passage {
    this.#sleep.callers.count(userAgent);
    const passage = this.#sleep.sleeper.requestStarted();
    const over = this.#observeRequest?.();
    if (!over) return passage;
    return {
      ...passage,
      ended(firstByteMs) {
        over();
        passage.ended(firstByteMs);
      },
    };
  }

  #onChange(): void {
    this.#readiness = undefined;
    this.#changed.emit();
  }
}

function readinessOf(dynos: readonly Dyno[]): Readiness {
  const [first, ...others] = dynos.flatMap(backendOf);
  if (first) return { kind: 'up', backends: [first, ...others] };
  const is = (status: Dyno['status']): boolean => dynos.some((dyno) => dyno.status === status);
  if (is('idle')) return { kind: 'idle' };
  if (dynos.some(({ isComing }) => isComing)) return { kind: 'starting' };
  return { kind: is('crashed') ? 'crashed' : 'none' };
}

function backendOf({ name, status, run }: Dyno): Backend[] {
  if (status !== 'up' || !run?.listening) return [];
  const { host, port } = run.listening;
  return [{ id: run.id, dyno: name, host, port, occupy: () => run.occupy() }];
}
