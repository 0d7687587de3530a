import type { ComponentChildren } from 'preact';
import type { Mark } from '../../apps/metrics/views.js';
import type { DynoView } from '../../apps/views.js';
import type { SleepText } from '../state/sleep.js';

type DynoStatus = DynoView['state'];
type MarkKind = Mark['kind'];

/** Each state has a shape of its own: states differ in more than colour. */

function Shape({ kind, children }: { kind: string; children: ComponentChildren }) {
  return (
    <svg class={`shape ${kind}`} viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

const DISC = <circle cx="8" cy="8" r="5" fill="currentColor" />;
const RING = <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" stroke-width="1.6" />;
const MOON = <path d="M12.9 10.3A5.6 5.6 0 0 1 5.9 3a5.6 5.6 0 1 0 7 7.3z" fill="currentColor" />;
const CROSS = <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />;
const SUN = (
  <>
    <circle cx="8" cy="8" r="3.2" fill="currentColor" />
    <path
      d="M8 1.2v2M8 12.8v2M1.2 8h2M12.8 8h2M3.2 3.2l1.4 1.4M11.4 11.4l1.4 1.4M12.8 3.2l-1.4 1.4M4.6 11.4l-1.4 1.4"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
    />
  </>
);
const SUNRISE = (
  <>
    <path d="M4 10.5a4 4 0 0 1 8 0z" fill="currentColor" />
    <path
      d="M1.5 13h13M8 2.5v2.2M2.9 5.4l1.5 1.5M13.1 5.4l-1.5 1.5"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
    />
  </>
);
const HALF = (
  <>
    {RING}
    <path d="M8 3.5a4.5 4.5 0 0 0 0 9z" fill="currentColor" />
  </>
);
const DIAMOND = <path d="M8 2.5L13.5 8 8 13.5 2.5 8z" fill="currentColor" />;
const ARROWS = <path d="M8 2l3 4H5zM8 14l3-4H5z" fill="currentColor" />;
const TURN = (
  <path
    d="M12.5 8A4.5 4.5 0 1 1 10.8 4.5M11 1.8v3h-3"
    fill="none"
    stroke="currentColor"
    stroke-width="1.7"
    stroke-linecap="round"
  />
);
const SKIP = <path d="M2.5 3.5l5 4.5-5 4.5zM8.5 3.5l5 4.5-5 4.5z" fill="currentColor" />;
const BAR = <path d="M3 6.5h10v3H3z" fill="currentColor" />;

const OF_DYNOS: Readonly<Record<DynoStatus, ComponentChildren>> = {
  up: DISC,
  starting: HALF,
  idle: MOON,
  crashed: CROSS,
  down: RING,
};

export function DynoShape({ state }: { state: DynoStatus }) {
  return <Shape kind={state}>{OF_DYNOS[state]}</Shape>;
}

const OF_APPS: Readonly<Record<SleepText['state'], ComponentChildren>> = {
  empty: RING,
  awake: SUN,
  never: SUN,
  asleep: MOON,
  waking: SUNRISE,
};

export function SleepShape({ state }: Pick<SleepText, 'state'>) {
  return <Shape kind={state}>{OF_APPS[state]}</Shape>;
}

const OF_MARKS = {
  release: DIAMOND,
  scale: ARROWS,
  restart: TURN,
  cycle: TURN,
  crash: CROSS,
  sleep: MOON,
  wake: SUNRISE,
  maintenance: BAR,
  advance: SKIP,
} as const;

export function MarkShape({ kind }: { kind: MarkKind }) {
  const isKnown = (name: string): name is keyof typeof OF_MARKS => Object.hasOwn(OF_MARKS, name);
  return isKnown(kind) ? <Shape kind={kind}>{OF_MARKS[kind]}</Shape> : <Shape kind="error">{CROSS}</Shape>;
}
