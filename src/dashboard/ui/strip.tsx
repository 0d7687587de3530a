import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Mark } from '../../apps/metrics/views.js';
import { bandOf, type SleepChange } from '../state/band.js';
import { clockTime } from '../state/format.js';
import { groupMarks, LANES, laneOf } from '../state/metrics.js';
import { MarkShape } from './shapes.js';

export interface StripProps {
  readonly marks: readonly Mark[];
  readonly changes: readonly SleepChange[];
  readonly from: number;
  readonly until: number;
}

/** As in the style sheet. */
const MARK_PX = 16;

/** What happened, under the time axis of the charts. The list below it says the same in words. */
export function Strip({ marks, changes, from, until }: StripProps) {
  const window = { from, until };
  const track = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  useLayoutEffect(() => setWidthPx(track.current?.clientWidth ?? 0));
  return (
    <div class="strip" aria-hidden="true">
      {LANES.map((lane) => (
        <div key={lane} class="lane">
          <span class="lane-name">{lane}</span>
          <div class="lane-track" ref={track}>
            {lane === 'Sleep' &&
              bandOf(changes, window).map(({ state, from, until, since }) => (
                <span
                  key={since}
                  class={`band-part ${state}`}
                  style={{ left: `${from * 100}%`, width: `${(until - from) * 100}%` }}
                />
              ))}
            {groupMarks(
              marks.filter(({ kind }) => laneOf(kind) === lane),
              window,
              MARK_PX / widthPx,
            ).map(({ place, marks }) => (
              <span
                key={marks[0]?.at}
                class="strip-mark"
                style={{ left: `${place * 100}%` }}
                title={titleOf(marks)}
              >
                <Shown marks={marks} />
              </span>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}

/** Marks of one kind have its shape, others are counted. */
function Shown({ marks }: { marks: readonly Mark[] }) {
  const [first] = marks;
  return first && marks.every(({ kind }) => kind === first.kind) ? (
    <MarkShape kind={first.kind} />
  ) : (
    <span class="strip-count">{marks.length}</span>
  );
}

function titleOf(marks: readonly Mark[]): string {
  return marks
    .map(({ at, dyno, text, count }) =>
      [clockTime(at), dyno, text, count > 1 && `× ${count}`].filter(Boolean).join(' '),
    )
    .join('\n');
}
