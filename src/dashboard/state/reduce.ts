import type { HostEvent } from '../../api/control.js';
import type { Mark } from '../../apps/metrics/views.js';
import { unreachable } from '../../base/errors.js';
import { type AppState, type DynoState, emptyApp, KEPT, type State } from './model.js';

type AppEvent = Exclude<HostEvent, { readonly event: 'current' | 'app' | 'clock' | 'log' }>;

/** The state after an event. Neither is changed. */
export function reduce(state: State, event: HostEvent): State {
  switch (event.event) {
    case 'current':
      return { ...state, names: [...event.apps].sort(byName) };
    case 'app':
      return event.state === 'removed' ? withoutApp(state, event.app) : withApp(state, event.app);
    case 'clock': {
      const { event: _, ...clock } = event;
      return { ...state, clock };
    }
    // The view of the log reads it by itself.
    case 'log':
      return state;
    default: {
      const before = state.apps.get(event.app) ?? emptyApp(event.app);
      return { ...state, apps: new Map(state.apps).set(event.app, reduceApp(before, event)) };
    }
  }
}

/** `app-2` before `app-10`. */
const byName = new Intl.Collator('en', { numeric: true }).compare;

function withApp(state: State, name: string): State {
  if (state.names.includes(name)) return state;
  return {
    ...state,
    names: [...state.names, name].sort(byName),
    apps: new Map(state.apps).set(name, state.apps.get(name) ?? emptyApp(name)),
  };
}

function withoutApp({ apps, names, ...rest }: State, name: string): State {
  return {
    ...rest,
    names: names.filter((other) => other !== name),
    apps: new Map([...apps].filter(([key]) => key !== name)),
  };
}

function reduceApp(app: AppState, event: AppEvent): AppState {
  switch (event.event) {
    case 'dyno': {
      const others = app.dynos.filter(({ name }) => name !== event.name);
      if (event.state === 'gone') return { ...app, dynos: others };
      return { ...app, dynos: [...others, event].sort(byTypeAndNumber) };
    }
    case 'release': {
      const others = app.releases.filter(({ version }) => version !== event.version);
      const releases = [event, ...others].sort((one, other) => other.version - one.version);
      return { ...app, releases: releases.slice(0, KEPT.releases) };
    }
    case 'sleep': {
      const { event: _, app: __, ...sleep } = event;
      return { ...app, sleep };
    }
    case 'request': {
      const { event: _, app: __, ...request } = event;
      return { ...app, requests: append(app.requests, request, KEPT.requests) };
    }
    case 'skipped':
      return { ...app, skippedRequests: app.skippedRequests + event.requests };
    case 'metrics':
      return {
        ...app,
        memory: event.memory,
        seconds: event.requests > 0 ? append(app.seconds, event, KEPT.seconds) : app.seconds,
      };
    case 'mark': {
      const { event: _, app: __, ...mark } = event;
      return { ...app, marks: addMark(app.marks, mark) };
    }
    default:
      return unreachable(event);
  }
}

function append<T>(list: readonly T[], item: T, most: number): readonly T[] {
  return [...(list.length < most ? list : list.slice(list.length - most + 1)), item];
}

/** Replaces the mark that it continues, or adds it. One may come late: that of a wake has the time at which it began. */
function addMark(marks: readonly Mark[], mark: Mark): readonly Mark[] {
  const same = marks.findLastIndex(({ at, kind }) => at === mark.at && kind === mark.kind);
  return same < 0
    ? append(marks, mark, KEPT.marks).toSorted((one, other) => one.at - other.at)
    : marks.with(same, mark);
}

function byTypeAndNumber(one: DynoState, other: DynoState): number {
  if (one.type !== other.type) return order(one.type) - order(other.type) || (one.type < other.type ? -1 : 1);
  return numberOf(one) - numberOf(other);
}

/** The web dynos come first, as people think of them. */
function order(type: string): number {
  return type === 'web' ? 0 : 1;
}

function numberOf({ name }: DynoState): number {
  return Number(name.slice(name.lastIndexOf('.') + 1));
}
