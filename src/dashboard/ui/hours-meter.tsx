import type { ReportView } from '../../apps/sleep/views.js';
import { hours } from '../state/format.js';
import { Meter } from './meter.js';

/** What a month takes at this rate, in red if that is more than there is. */
export function MonthHours({ report: { totals, quota } }: { report: ReportView }) {
  const isTooMuch = quota !== null && totals.projectedMonthHours > quota.hours;
  return <dd class={isTooMuch ? 'bad' : undefined}>{hours(totals.projectedMonthHours)}</dd>;
}

/** The month's eco dyno hours of all apps that share them. */
export function HoursMeter({ quota }: Pick<ReportView, 'quota'>) {
  if (!quota) return null;
  return (
    <Meter
      label="Eco dyno hours this month"
      used={quota.hours - quota.left}
      of={quota.hours}
      text={`${hours(quota.left)} left of ${hours(quota.hours)} this month`}
    />
  );
}
