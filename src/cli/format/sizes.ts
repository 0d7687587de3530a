import type { FormationView } from '../../apps/views.js';
import { DYNO_SIZES } from '../../base/sizes.js';
import { formatTable } from './table.js';

type Sized = Pick<FormationView, 'type' | 'size' | 'quantity'>;

/** As Heroku's CLI calculates. https://github.com/heroku/cli/blob/main/src/commands/ps/type.ts */
const HOURS_OF_A_MONTH = 720;

/** The lines of `ps:type`: the costs of the formation at Heroku. */
export function formatSizes(
  formation: readonly Sized[],
  heading: (text: string) => string,
): readonly string[] {
  const totals = new Map<string, number>();
  for (const { size, quantity } of formation) totals.set(size, (totals.get(size) ?? 0) + quantity);
  const hasEco = formation.some(({ size }) => size === 'Eco');
  return [
    heading('Process Types'),
    ...formatTable({
      header: ['type', 'size', 'qty', 'cost/hour', 'max cost/month'],
      rows: formation.map((entry) => [entry.type, entry.size, String(entry.quantity), ...costs(entry)]),
    }),
    '',
    heading('Dyno Totals'),
    ...formatTable({
      header: ['type', 'total'],
      rows: Array.from(totals, ([size, total]) => [size, String(total)]),
    }),
    ...(hasEco
      ? ['', `$${DYNO_SIZES.Eco.monthlyPrice} (flat monthly fee, shared across all Eco dynos)`]
      : []),
  ];
}

/** The hourly cost of at least one dyno and the monthly cost of all; empty for Eco, whose fee is flat. */
function costs({ size, quantity }: Sized): readonly [hourly: string, monthly: string] {
  if (size === 'Eco') return ['', ''];
  const { monthlyPrice } = DYNO_SIZES[size];
  const hourly = (monthlyPrice / HOURS_OF_A_MONTH) * Math.max(quantity, 1);
  return [`~$${hourly.toFixed(3)}`, `$${monthlyPrice * quantity}`];
}
