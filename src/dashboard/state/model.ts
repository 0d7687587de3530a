import type { ClockView, HostEvent } from '../../api/control.js';
import type { Mark } from '../../apps/metrics/views.js';
import type { SleepView } from '../../apps/sleep/views.js';
import type { RequestView } from '../../apps/views.js';

type DataOf<Event extends HostEvent['event']> = Extract<HostEvent, { readonly event: Event }>;

/** A dyno that exists. */
export type DynoState = Exclude<DataOf<'dyno'>, { readonly state: 'gone' }>;
type ReleaseState = DataOf<'release'>;
type Second = DataOf<'metrics'>;

/** What the page knows of one app. */
export interface AppState {
  readonly name: string;
  /** By process type, then number. */
  readonly dynos: readonly DynoState[];
  /** Newest first. */
  readonly releases: readonly ReleaseState[];
  readonly sleep: SleepView | undefined;
  /** The latest ones, oldest first. */
  readonly requests: readonly RequestView[];
  /** How many requests came so fast that the stream has left them out. */
  readonly skippedRequests: number;
  /** The latest seconds with requests, oldest first. */
  readonly seconds: readonly Second[];
  /** Bytes by dyno, as measured last. */
  readonly memory: Readonly<Record<string, number>>;
  /** The latest ones, oldest first. */
  readonly marks: readonly Mark[];
}

/** What the page knows: a value that `reduce` replaces. */
export interface State {
  /** By name. */
  readonly apps: ReadonlyMap<string, AppState>;
  /** Of the apps whose events the page reads, sorted. */
  readonly names: readonly string[];
  readonly clock: ClockView | undefined;
}

export const NOTHING: State = { apps: new Map(), names: [], clock: undefined };

export function emptyApp(name: string): AppState {
  return {
    name,
    dynos: [],
    releases: [],
    sleep: undefined,
    requests: [],
    skippedRequests: 0,
    seconds: [],
    memory: {},
    marks: [],
  };
}

/** How much of the past the page keeps: a page that is open all day must stay small. */
export const KEPT = { requests: 2000, seconds: 300, marks: 2000, releases: 500 } as const;
