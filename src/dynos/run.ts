import type { Exit } from '../base/process.js';

/**
 * The states of a run, which is one life of a dyno: one process tree from its start to its end. This file only decides
 * what happens; `live-run.ts` carries it out.
 */

/** `since` is wall-clock time. */
export type RunState =
  /** Waits for the simulated latency of the platform. */
  | { readonly status: 'delayed'; readonly since: number }
  /** The process starts and, if it must listen, boots. */
  | { readonly status: 'starting'; readonly since: number }
  | { readonly status: 'up'; readonly since: number }
  | { readonly status: 'stopping'; readonly since: number; readonly because: StopReason }
  | { readonly status: 'gone'; readonly since: number; readonly end: RunEnd };

/** The platform's error, or a request. */
type StopReason = 'R10' | 'R15' | 'asked';

type RunEnd =
  /** It ended by itself, with any status. */
  | { readonly how: 'exited'; readonly exit: Exit }
  /** It was stopped, perhaps because its boot timed out, or because it used too much memory. */
  | { readonly how: 'stopped'; readonly exit: Exit }
  /** It was stopped before it had a process. */
  | { readonly how: 'cancelled' };

export type RunEvent =
  | { readonly type: 'delayOver' }
  | { readonly type: 'spawned' }
  | { readonly type: 'listening' }
  | { readonly type: 'bootTimedOut' }
  | { readonly type: 'outOfMemory' }
  | { readonly type: 'stop' }
  /** SIGKILL at once, even if it is stopping already. */
  | { readonly type: 'kill' }
  | { readonly type: 'exitTimedOut' }
  | { readonly type: 'exited'; readonly exit: Exit };

/** The platform's error, or a request. */
export type KillReason = StopReason | 'R12';

export type TimerName = 'delay' | 'boot' | 'exit';

export type Effect =
  | { readonly do: 'spawn' }
  | { readonly do: 'watchPort' }
  | { readonly do: 'unwatchPort' }
  /** SIGTERM to every process. */
  | { readonly do: 'terminate' }
  /** SIGKILL to every process. */
  | { readonly do: 'kill'; readonly because: KillReason }
  | { readonly do: 'arm'; readonly timer: TimerName }
  | { readonly do: 'disarm'; readonly timer: TimerName };

export interface Transition {
  readonly state: RunState;
  readonly effects: readonly Effect[];
}

export interface RunContext {
  /** Wall-clock time. */
  readonly now: number;
  /** See `RunPlan`. */
  readonly listens: boolean;
}

type StateOf<S extends RunState['status']> = Extract<RunState, { status: S }>;
type EventOf<E extends RunEvent['type']> = Extract<RunEvent, { type: E }>;
type TransitionTable = {
  readonly [S in RunState['status']]: {
    readonly [E in RunEvent['type']]?: (
      event: EventOf<E>,
      context: RunContext,
      state: StateOf<S>,
    ) => Transition;
  };
};

/** The reactions to events by state. Events that are missing here have no effect. */
const TABLE: TransitionTable = {
  delayed: {
    delayOver: (_event, context) => launch(context),
    stop: (_event, context) => cancel(context),
    kill: (_event, context) => cancel(context),
  },
  starting: {
    spawned: (_event, context, state) =>
      context.listens ? { state, effects: [{ do: 'watchPort' }] } : up(context, []),
    listening: (_event, context) => up(context, BOOT_OVER),
    bootTimedOut: (_event, context) =>
      stopping('R10', context, [...bootOver(context), { do: 'kill', because: 'R10' }]),
    outOfMemory: (_event, context) =>
      stopping('R15', context, [...bootOver(context), { do: 'kill', because: 'R15' }]),
    stop: (_event, context) => stopping('asked', context, [...bootOver(context), ...GRACEFULLY]),
    kill: (_event, context) =>
      stopping('asked', context, [...bootOver(context), { do: 'kill', because: 'asked' }]),
    exited: ({ exit }, context) => gone({ how: 'exited', exit }, context, bootOver(context)),
  },
  up: {
    outOfMemory: (_event, context) => stopping('R15', context, [{ do: 'kill', because: 'R15' }]),
    stop: (_event, context) => stopping('asked', context, GRACEFULLY),
    kill: (_event, context) => stopping('asked', context, [{ do: 'kill', because: 'asked' }]),
    exited: ({ exit }, context) => gone({ how: 'exited', exit }, context, []),
  },
  stopping: {
    kill: (_event, _context, state) => ({
      state,
      effects: [
        { do: 'disarm', timer: 'exit' },
        { do: 'kill', because: 'asked' },
      ],
    }),
    exitTimedOut: (_event, _context, state) => ({ state, effects: [{ do: 'kill', because: 'R12' }] }),
    exited: ({ exit }, context) => gone({ how: 'stopped', exit }, context, [{ do: 'disarm', timer: 'exit' }]),
  },
  gone: {},
};

const BOOT_OVER: readonly Effect[] = [{ do: 'disarm', timer: 'boot' }, { do: 'unwatchPort' }];
const GRACEFULLY: readonly Effect[] = [{ do: 'terminate' }, { do: 'arm', timer: 'exit' }];

export function begin(delayed: boolean, context: RunContext): Transition {
  if (!delayed) return launch(context);
  return { state: { status: 'delayed', since: context.now }, effects: [{ do: 'arm', timer: 'delay' }] };
}

/** The reaction to an event; undefined if the event has no effect in this state. */
export function transition(state: RunState, event: RunEvent, context: RunContext): Transition | undefined {
  // The compiler cannot infer that row and cell match state and event; the table's type ensures it.
  const cell = TABLE[state.status][event.type] as
    | ((event: RunEvent, context: RunContext, state: RunState) => Transition)
    | undefined;
  return cell?.(event, context, state);
}

function launch({ now, listens }: RunContext): Transition {
  // The boot timeout counts from the line "Starting process with command", logged with the spawn.
  const boot: readonly Effect[] = listens ? [{ do: 'arm', timer: 'boot' }] : [];
  return { state: { status: 'starting', since: now }, effects: [{ do: 'spawn' }, ...boot] };
}

function bootOver({ listens }: RunContext): readonly Effect[] {
  return listens ? BOOT_OVER : [];
}

function up({ now }: RunContext, effects: readonly Effect[]): Transition {
  return { state: { status: 'up', since: now }, effects };
}

function stopping(because: StopReason, { now }: RunContext, effects: readonly Effect[]): Transition {
  return { state: { status: 'stopping', since: now, because }, effects };
}

function gone(end: RunEnd, { now }: RunContext, effects: readonly Effect[]): Transition {
  return { state: { status: 'gone', since: now, end }, effects };
}

/** The exit of a run. One that was cancelled before it had a process counts as ended by SIGTERM. */
export function exitOfRun(end: RunEnd): Exit {
  return end.how === 'cancelled' ? { status: 143 } : end.exit;
}

function cancel(context: RunContext): Transition {
  return gone({ how: 'cancelled' }, context, [{ do: 'disarm', timer: 'delay' }]);
}
