import type { Mark } from '../../apps/metrics/views.js';
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
            {isError(kind) && <strong class="bad">{kind} </strong>}
            {dyno && <strong>{dyno} </strong>}
            {isError(kind) ? withoutCode(text, kind) : text}
            {count > 1 && <span class="times"> × {count}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function isError(kind: string): boolean {
  return /^[HR]\d/.test(kind);
}

/** The text of an error begins with its code, which the list has already shown. */
function withoutCode(text: string, code: string): string {
  return text.startsWith(`${code} `) ? text.slice(code.length + 1) : text;
}
