import { clockTime } from '../../state/format.js';
import { Chart, type ChartProps } from '../../ui/chart.js';

export interface PanelProps extends Omit<ChartProps, 'height'> {
  readonly title: string;
  /** For each line, its figure for the whole window; null for none. */
  readonly totals: readonly (number | null)[];
  format(value: number): string;
  /** Whether a line's value includes those of the lines after it. */
  readonly isStacked?: boolean;
  /** Whether the legend begins with the line that is drawn last. */
  readonly isLastFirst?: boolean;
  /** The index of the time under the pointer. */
  readonly pointed: number | undefined;
}

const HEIGHT_PX = 168;

/** A chart, and its figures in words: of the whole window or, while the pointer is on a chart, of that time. */
export function Panel({
  title,
  totals,
  isStacked = false,
  isLastFirst = false,
  pointed,
  format,
  ...chart
}: PanelProps) {
  const { lines, data } = chart;
  const [times, ...values] = data;
  const time = pointed === undefined ? undefined : times[pointed];
  const legend = lines.map((line, index) => {
    if (time === undefined || pointed === undefined) return { ...line, figure: totals[index] ?? null };
    const value = values[index]?.[pointed] ?? null;
    const figure = value !== null && isStacked ? value - (values[index + 1]?.[pointed] ?? 0) : value;
    return { ...line, figure };
  });
  if (isLastFirst) legend.reverse();
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
        <span class="muted">{time === undefined ? 'whole window' : clockTime(time * 1000)}</span>
        <dl class="legend">
          {legend.map(({ label, color, pattern = '', figure }) => (
            <div key={label}>
              <dt>
                <span class={`swatch ${pattern}`} style={{ color: `var(${color})` }} aria-hidden="true" />
                {label}
              </dt>
              <dd>{figureText(figure, format)}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Chart {...chart} height={HEIGHT_PX} />
    </section>
  );
}

function figureText(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value);
}
