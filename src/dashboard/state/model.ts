import type { HostEvent } from '../../api/control.js';

type DataOf<Event extends HostEvent['event']> = Extract<HostEvent, { readonly event: Event }>;

/** A dyno that exists. */
export type DynoState = Exclude<DataOf<'dyno'>, { readonly state: 'gone' }>;
type ReleaseState = DataOf<'release'>;

/** What the page knows of one app. */
export interface AppState {
  readonly name: string;
  /** By process type, then number. */
  readonly dynos: readonly DynoState[];
  /** Newest first. */
  readonly releases: readonly ReleaseState[];
}

/** What the page knows: a value that `reduce` replaces. */
export interface State {
  /** By name. */
  readonly apps: ReadonlyMap<string, AppState>;
}

export const NOTHING: State = { apps: new Map() };
