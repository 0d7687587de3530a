import type { HostEvent } from '../../api/control.js';
import { unreachable } from '../../base/errors.js';
import type { AppState, DynoState, State } from './model.js';

/** The state after an event. Neither is changed. */
export function reduce(state: State, event: HostEvent): State {
  switch (event.event) {
    case 'current':
      return state;
    case 'app':
      return event.state === 'removed'
        ? withoutApp(state, event.app)
        : changeApp(state, event.app, (app) => app);
    case 'dyno':
      return changeApp(state, event.app, (app) => ({ ...app, dynos: changeDynos(app.dynos, event) }));
    case 'release':
      return changeApp(state, event.app, (app) => {
        const others = app.releases.filter(({ version }) => version !== event.version);
        return { ...app, releases: [event, ...others].sort((one, other) => other.version - one.version) };
      });
    default:
      return unreachable(event);
  }
}

function withoutApp({ apps, ...rest }: State, name: string): State {
  return { ...rest, apps: new Map([...apps].filter(([key]) => key !== name)) };
}

function changeApp(state: State, name: string, change: (app: AppState) => AppState): State {
  const before = state.apps.get(name);
  const after = change(before ?? { name, dynos: [], releases: [] });
  return after === before ? state : { ...state, apps: new Map(state.apps).set(name, after) };
}

function changeDynos(dynos: readonly DynoState[], event: Extract<HostEvent, { event: 'dyno' }>) {
  const others = dynos.filter(({ name }) => name !== event.name);
  return event.state === 'gone' ? others : [...others, event].sort(byTypeAndNumber);
}

function byTypeAndNumber(one: DynoState, other: DynoState): number {
  return one.type === other.type ? numberOf(one) - numberOf(other) : one.type < other.type ? -1 : 1;
}

function numberOf({ name }: DynoState): number {
  return Number(name.slice(name.lastIndexOf('.') + 1));
}
