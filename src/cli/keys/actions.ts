import type { AppControl, HostControl } from '../../api/control.js';
import { targetOf } from '../../apps/requests.js';
import type { AppView } from '../../apps/views.js';
import { formatDuration } from '../../base/duration.js';
import { UserError } from '../../base/errors.js';
import { siteOf } from '../../base/site.js';
import { hintForType } from '../../procfile/formation.js';
import { isAsleep } from '../asleep.js';
import { readAdvance } from '../flags.js';
import { describeClock, describeDynoChanges } from '../format/clock.js';
import { type DynoFormat, formatDynos } from '../format/dynos.js';
import { describeScale } from '../format/scale.js';
import { requireSpeaker } from '../speaker.js';
import { describeKeys, type Key, type Typed } from './table.js';

/** What keys act on. */
export interface KeyWorld {
  readonly app: AppControl;
  readonly host: HostControl;
  /** How the terminal shows tables now. */
  layout(): DynoFormat;
  clear(): void;
  /** Opens the app. @returns lines that say what became of it */
  openSite(url: string): Promise<readonly string[]>;
  /** Opens the dashboard. @returns lines that say what became of it */
  openDashboard(): Promise<readonly string[]>;
  /** Shows only the log of this dyno or type; undefined: all. */
  showOnly(name: string | undefined): void;
}

/**
 * Does what a key stands for.
 * @returns lines for the terminal
 * @throws UserError as the control interface does
 */
export function act({ key, word }: Typed, world: KeyWorld): Promise<readonly string[]> {
  return ACTIONS[key](world, word);
}

type Action = (world: KeyWorld, word: string) => Promise<readonly string[]>;

const ACTIONS: Readonly<Record<Key, Action>> = {
  h: async () => ['Type a key, then Enter:', ...describeKeys()],
  u: async ({ app }) => {
    const info = await app.info();
    return [`${siteOf(info.url)}  ${describeSleep(info, await isAsleep(app))}`];
  },
  o: async ({ app, openSite }) => openSite(siteOf((await app.info()).url)),
  d: ({ openDashboard }) => openDashboard(),
  c: async ({ clear }) => {
    clear();
    return [];
  },
  p: async ({ app, layout }) => {
    const dynos = await app.dynos();
    return dynos.length === 0 ? ['No dynos'] : formatDynos(dynos, layout()).slice(0, -1);
  },
  // What happens is in the log.
  r: async ({ app }, word) => {
    await app.restart(targetOf(word === '' ? undefined : word));
    return [];
  },
  s: async ({ app }) => {
    const was = await isAsleep(app);
    await app.sleep();
    return was ? ['The app was asleep already'] : [];
  },
  w: async ({ app }) => {
    const was = await isAsleep(app);
    await app.wake();
    return was ? [] : ['The app was awake already'];
  },
  t: async ({ app, host }, word) => {
    const ms = readAdvance(word);
    const before = await app.dynos();
    const clock = await host.advanceClock(ms);
    return [...describeDynoChanges(before, await app.dynos()), describeClock(clock)];
  },
  '+': ({ app }, type) => scale(app, type, 1),
  '-': ({ app }, type) => scale(app, type, -1),
  l: async ({ app, showOnly }, word) => {
    const name = ['', 'all'].includes(word) ? undefined : word;
    await requireSpeaker(app, name);
    showOnly(name);
    return [name === undefined ? 'Showing the whole log' : `Showing only ${name}; all again: l`];
  },
  m: async ({ app }) => {
    const isOn = !(await app.info()).isInMaintenance;
    await app.setMaintenance(isOn);
    return [`Maintenance mode is ${isOn ? 'on: every request gets H80' : 'off'}`];
  },
  q: async ({ host }) => {
    await host.stop();
    return [];
  },
};

/** @throws UserError `UNKNOWN_TYPE`, `NONE_RUNS`: those of `AppControl` would name `web+1`, which nobody has typed */
async function scale(app: AppControl, type: string, by: number): Promise<readonly string[]> {
  const before = await app.formation();
  const entry = before.find((one) => one.type === type);
  if (!entry) {
    const hint = hintForType(
      type,
      before.map((one) => one.type),
    );
    throw new UserError('UNKNOWN_TYPE', `There is no process type ${type}`, hint);
  }
  if (entry.quantity + by < 0)
    throw new UserError('NONE_RUNS', `No dyno of ${type} runs`, `To run one: + ${type}`);
  const change = { type, quantity: { by } };
  const formation = await app.scale([change]);
  return [describeScale([change])(formation).replace(/^n/, 'N')];
}

function describeSleep({ sleepsInMs }: AppView, isAsleepNow: boolean): string {
  if (isAsleepNow) return 'asleep: the next request wakes it';
  if (sleepsInMs === undefined) return 'never sleeps';
  return `sleeps in ${formatDuration(Math.ceil(sleepsInMs / 1000) * 1000)} without requests`;
}
