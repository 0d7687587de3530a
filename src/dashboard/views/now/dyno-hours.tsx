import { useLive } from '../../live.js';
import { hours } from '../../state/format.js';
import type { AppState } from '../../state/model.js';
import { useResult } from '../../ui/api.js';
import { HoursMeter, MonthHours } from '../../ui/hours-meter.js';
import { second } from '../../wire/time.js';

const REFRESH_MS = 30_000;

/** Eco dyno hours: used, left, and saved by sleeping. */
export function DynoHours({ app: { name, sleep } }: { app: AppState }) {
  const often = useLive(second, (now) => Math.floor(now / REFRESH_MS));
  const { value } = useResult(name, 'report', [sleep?.state, often]);
  if (!value) return null;
  const { totals, quota } = value;
  return (
    <section aria-labelledby="hours">
      <h2 id="hours">Eco dyno hours</h2>
      <HoursMeter quota={quota} />
      <dl class="numbers">
        <dt>used</dt>
        <dd>{hours(quota?.used ?? totals.hoursUsed)}</dd>
        <dt>saved by sleep</dt>
        <dd>{hours(totals.hoursSaved)}</dd>
        <dt>a month at this rate</dt>
        <MonthHours report={value} />
      </dl>
    </section>
  );
}
