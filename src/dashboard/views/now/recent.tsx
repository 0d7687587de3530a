import { count, duration } from '../../state/format.js';
import type { AppState } from '../../state/model.js';
import { inParts } from '../../state/summary.js';
import { useResult } from '../../ui/api.js';
import { Bars } from '../../ui/bars.js';
import { useNow } from '../../ui/now.js';

const WINDOW_MS = 5 * 60_000;
const BARS = 60;
const REFRESH_MS = 5000;

/** Requests of the last minutes in numbers. */
export function Recent({ app: { name, seconds } }: { app: AppState }) {
  const now = useNow();
  const isQuiet = (seconds.at(-1)?.at ?? 0) < now - WINDOW_MS;
  const often = isQuiet ? 0 : Math.floor(now / REFRESH_MS);
  const { value } = useResult(name, 'metrics', [often], { window: '5m' });
  if (!value) return null;
  const { requests, p50Ms, p95Ms, statuses } = value.totals;
  const shown = (ms: number | null) => (ms === null ? '–' : duration(ms));
  const errors = statuses['5xx'];
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">Last 5 minutes</h2>
      <Bars
        values={inParts(value.points, now, WINDOW_MS, BARS)}
        label={`${count(requests)} requests in the last 5 minutes`}
      />
      <dl class="numbers">
        <dt>requests</dt>
        <dd>{count(requests)}</dd>
        <dt>p50</dt>
        <dd>{shown(p50Ms)}</dd>
        <dt>p95</dt>
        <dd>{shown(p95Ms)}</dd>
        <dt>5xx</dt>
        <dd class={errors > 0 ? 'bad' : undefined}>{count(errors)}</dd>
      </dl>
    </section>
  );
}
