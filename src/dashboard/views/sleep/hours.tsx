import type { ReportView } from '../../../apps/sleep/views.js';
import { duration, hours } from '../../state/format.js';
import { HoursMeter, MonthHours } from '../../ui/hours-meter.js';

/** What sleep costs and saves. */
export function Hours({ report }: { report: ReportView }) {
  const { quota } = report;
  const { wakes, p50Ms, p95Ms, maxMs, hoursUsed, hoursSaved } = report.totals;
  return (
    <section class="hours" aria-labelledby="hours">
      <h2 id="hours" class="hidden">
        Dyno hours and wakes in numbers
      </h2>
      <dl class="tiles">
        <div>
          <dt>Used this month</dt>
          <dd>{hours(quota?.used ?? hoursUsed)}</dd>
        </div>
        <div>
          <dt>Saved by sleep</dt>
          <dd>{hours(hoursSaved)}</dd>
        </div>
        <div>
          <dt>A month at this rate</dt>
          <MonthHours report={report} />
        </div>
        <div>
          <dt>Wakes</dt>
          <dd>{wakes}</dd>
        </div>
        {wakes > 0 && (
          <div>
            <dt>Waited for a wake</dt>
            <dd>
              {duration(p50Ms)}
              <small>
                p95 {duration(p95Ms)}, longest {duration(maxMs)}
              </small>
            </dd>
          </div>
        )}
      </dl>
      <HoursMeter quota={quota} />
    </section>
  );
}
