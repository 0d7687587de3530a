import type { WakeView } from '../../../apps/sleep/views.js';
import { bandOf, type SleepChange, type Span, ticksOf } from '../../state/band.js';
import { clockTime, duration, shortTime, span } from '../../state/format.js';
import { wakeCause } from '../../state/wakes.js';

export interface BandProps extends Span {
  readonly changes: readonly SleepChange[];
  readonly wakes: readonly WakeView[];
  /** How far platform time, which is the axis, is ahead of the reader's clock. */
  readonly aheadMs: number;
}

const WORDS = { awake: 'Awake', asleep: 'Asleep', waking: 'Waking', never: 'Awake' } as const;
const SECOND_MS = 1000;

/** Awake and asleep in platform time. Each wake is a mark. */
export function Band({ changes, wakes, from, until, aheadMs }: BandProps) {
  const place = (at: number): string => `${((at - from) / (until - from)) * 100}%`;
  const offsetMs = -new Date(until).getTimezoneOffset() * 60_000;
  return (
    <figure class="band">
      <div class="band-wakes">
        {apart(wakes, from, (until - from) * CLOSENESS).map((wake) => (
          <WakeMark key={wake.at} wake={wake} place={place} />
        ))}
      </div>
      <div class="band-track" aria-hidden="true">
        {bandOf(changes, { from, until }).map(({ state, from, until, since, lastedMs }) => (
          <span
            key={since}
            class={`band-part ${state}`}
            style={{ left: `${from * 100}%`, width: `${(until - from) * 100}%` }}
            title={`${WORDS[state]} from ${clockTime(since)}, for ${span(lastedMs)}`}
          >
            {until - from > 0.1 && <span class="band-word">{`${WORDS[state]} ${span(lastedMs)}`}</span>}
          </span>
        ))}
      </div>
      <div class="band-axis" aria-hidden="true">
        {ticksOf({ from, until }, 8, offsetMs).map((at) => (
          <span key={at} style={{ left: place(at) }}>
            {shortTime(at)}
          </span>
        ))}
      </div>
      <figcaption>
        <span class="key awake">Awake</span>
        <span class="key asleep">Asleep</span>
        <span class="key wake">A wake</span>
        {aheadMs > SECOND_MS && (
          <span>
            The axis is platform time, {span(aheadMs)} ahead of your clock. Other times are your clock's.
          </span>
        )}
      </figcaption>
    </figure>
  );
}

/** Marks that are closer than this share of the axis would cover each other. */
const CLOSENESS = 0.01;

/** The wakes since `from` that can be told apart: of those close to each other, the earliest. */
function apart(wakes: readonly WakeView[], from: number, distance: number): readonly WakeView[] {
  let free = from;
  return wakes.filter(({ platformAt }) => {
    const at = Date.parse(platformAt);
    if (at < free) return false;
    free = at + distance;
    return true;
  });
}

interface WakeMarkProps {
  readonly wake: WakeView;
  place(at: number): string;
}

/** Leads to the wake in the table. */
function WakeMark({ wake, place }: WakeMarkProps) {
  const at = Date.parse(wake.platformAt);
  const text = `${clockTime(at)}: ${wakeCause(wake)}, waited ${duration(wake.longestWaitMs)}`;
  return (
    <a
      class="band-wake"
      style={{ left: place(at) }}
      href={location.hash}
      title={text}
      onClick={(event) => {
        event.preventDefault();
        document.getElementById(`wake-${wake.at}`)?.focus();
      }}
    >
      <span class="hidden">Wake at {text}</span>
    </a>
  );
}
