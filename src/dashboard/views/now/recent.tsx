import { useLive } from '../../live.js';
import { count, duration } from '../../state/format.js';
import type { AppState } from '../../state/model.js';
import { inParts } from '../../state/summary.js';
import { useAnswer } from '../../ui/api.js';
import { Bars } from '../../ui/bars.js';
import { second } from '../../wire/time.js';

const WINDOW_MS = 5 * 60_000;
const BARS = 60;
const REFRESH_MS = 5000;

/** Requests of the last minutes in numbers. */
export function Recent({ app: { name, seconds } }: { app: AppState }) {
  const now = useLive(second);
  const isQuiet = (seconds.at(-1)?.at ?? 0) < now - WINDOW_MS;
  const often = isQuiet ? 0 : Math.floor(now / REFRESH_MS);
  const { value } = useAnswer((api) => api.call(name, 'metrics', { window: '5m' }), [name, often]);
  const totals = value?.totals;
  const shown = (ms: number | null | undefined) => (typeof ms === 'number' ? duration(ms) : '–');
  const requests = totals?.requests ?? 0;
  const errors = totals?.statuses['5xx'] ?? 0;
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">Last 5 minutes</h2>
      <Bars
        values={inParts(value?.points ?? [], now, WINDOW_MS, BARS)}
        label={`${count(requests)} requests in the last 5 minutes`}
      />
      <dl class="numbers">
        <dt>requests</dt>
        <dd>{count(requests)}</dd>
        <dt>p50</dt>
        <dd>{shown(totals?.p50Ms)}</dd>
        <dt>p95</dt>
        <dd>{shown(totals?.p95Ms)}</dd>
        <dt>5xx</dt>
        <dd class={errors > 0 ? 'bad' : undefined}>{count(errors)}</dd>
      </dl>
    </section>
  );
}
