import { Emitter } from '../base/emitter.js';
import type { Dyno } from '../dynos/dyno.js';
import type { Supervisor } from '../dynos/supervisor.js';
import type { Backend, Backends, Readiness, RequestLease } from '../router/backends.js';
import type { RequestsInFlight } from './requests-in-flight.js';
import type { AppSleep } from './sleep/app-sleep.js';

export interface WebBackendsOptions {
  readonly supervisor: Supervisor;
  readonly sleep: AppSleep;
  readonly requests: RequestsInFlight;
  isInMaintenance(): boolean;
  /** Whether the app has no code yet. */
  isBlank(): boolean;
}

/** The web dynos of one app, as the router sees them. */
export class WebBackends implements Backends {
  readonly #options: WebBackendsOptions;
  readonly #changed = new Emitter();
  /** Computed on demand after a change of the dynos, because requests far outnumber changes. */
  #dynos: Readiness | undefined;

  constructor(options: WebBackendsOptions) {
    this.#options = options;
    options.supervisor.onChange(() => {
      this.#dynos = undefined;
      this.#changed.emit();
    });
  }

  readiness(): Readiness {
    const { supervisor, sleep, isInMaintenance, isBlank } = this.#options;
    if (isInMaintenance()) return { kind: 'maintenance' };
    if (isBlank()) return { kind: 'blank' };
    this.#dynos ??= readinessOf(supervisor.dynos('web'));
    return this.#dynos.kind === 'idle' && sleep.isExhausted ? { kind: 'exhausted' } : this.#dynos;
  }

  /** Call this when maintenance mode is switched on or off. */
  onMaintenance(): void {
    this.#changed.emit();
  }

  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  get inFlight(): number {
    const { all, upgraded } = this.#options.requests;
    return all.length - upgraded;
  }

  enter(userAgent: string): RequestLease {
    const { sleep, supervisor } = this.#options;
    sleep.callers.count(userAgent);
    const isDebugged = (name: string | undefined): boolean =>
      supervisor.isDebugged((dyno) => dyno.type === 'web' && (name === undefined || dyno.name === name));
    return { ...sleep.sleeper.enter(), isDebugged };
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
  const { id, boot } = run;
  return [{ id, dyno: name, host, port, ...(boot && { boot }) }];
}
