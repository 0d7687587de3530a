/** The rules for a process type. Every type without its own rules is a worker. */
export interface DynoKind {
  /** Must listen on $PORT within the boot timeout, and gets requests. Other dynos are up when they have started. */
  readonly listens: boolean;
  /** Restarts when it ends by itself. One-off dynos never do. */
  readonly restarts: boolean;
}

const KINDS = {
  web: { listens: true, restarts: true },
  release: { listens: false, restarts: false },
  run: { listens: false, restarts: false },
} as const satisfies Record<string, DynoKind>;

const WORKER: DynoKind = { listens: false, restarts: true };

/** https://devcenter.heroku.com/articles/procfile#special-process-types */
export function kindOf(type: string): DynoKind {
  return Object.hasOwn(KINDS, type) ? KINDS[type as keyof typeof KINDS] : WORKER;
}
