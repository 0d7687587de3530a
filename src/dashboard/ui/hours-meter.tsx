import type { ReportView } from '../../apps/sleep/views.js';
import { hours } from '../state/format.js';
import { Meter } from './meter.js';

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
