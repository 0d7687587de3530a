import type { RequestTimeline } from '../../logs/entry.js';
import { duration } from '../state/format.js';
import { barLength, segmentsOf } from '../state/timeline.js';

/** Where a request's time went, as a small bar whose length is the logarithm of the time. */
export function SmallTimeline({ timeline }: { timeline: RequestTimeline }) {
  return (
    <span class="small-timeline" aria-hidden="true">
      <span style={{ width: `${barLength(timeline.totalMs) * 100}%` }}>
        {segmentsOf(timeline).map(({ key, from, until }) => (
          <span key={key} class={`segment ${key}`} style={{ width: `${(until - from) * 100}%` }} />
        ))}
      </span>
    </span>
  );
}

/** Where a request's time went: a row for each part, which begins where the one before it ends. */
export function Timeline({ timeline }: { timeline: RequestTimeline }) {
  return (
    <table class="timeline">
      <caption>Where the time went</caption>
      <tbody>
        {segmentsOf(timeline).map(({ key, label, ms, from, until }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td class="track">
              <span
                class={`segment ${key}`}
                style={{ left: `${from * 100}%`, width: `max(2px, ${(until - from) * 100}%)` }}
              />
            </td>
            <td class="amount">{duration(ms)}</td>
          </tr>
        ))}
        <tr class="total">
          <th scope="row">Total</th>
          <td />
          <td class="amount">{duration(timeline.totalMs)}</td>
        </tr>
      </tbody>
    </table>
  );
}
