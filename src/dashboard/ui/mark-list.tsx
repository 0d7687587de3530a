import type { Mark } from '../../apps/views.js';
import { clockTime } from '../state/format.js';
import { MarkShape } from './shapes.js';

/** What happened, newest first. */
export function MarkList({ marks }: { marks: readonly Mark[] }) {
  return (
    <ol class="activity">
      {[...marks].reverse().map(({ at, kind, dyno, text, count }) => (
        <li key={`${at} ${kind} ${dyno}`}>
          <MarkShape kind={kind} />
          <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>
          <span>
            {/^[HR]\d/.test(kind) && <strong class="bad">{kind} </strong>}
            {dyno && <strong>{dyno} </strong>}
            {text}
            {count > 1 && <span class="times"> × {count}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
