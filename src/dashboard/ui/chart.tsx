import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { clockTime, shortTime } from '../state/format.js';
import { type ChartData, groupMarks, type LineStyle } from '../state/metrics.js';

/** Space beside the plot, px: for the axis, and for half of the last label. As `--axis` and `--right` in metrics.css. */
const AXIS_PX = 64;
const RIGHT_PX = 32;

export interface Line extends LineStyle {
  readonly label: string;
}

/** Lengths of the dashes of a line and of the gaps between them, px. */
const DASHES = { dashed: [4, 4], dotted: [1, 3] };

/** A moment at which time was moved forward. */
interface Fold {
  /** Wall-clock ms. */
  readonly at: number;
  readonly text: string;
}

export interface ChartProps {
  readonly lines: readonly Line[];
  readonly data: ChartData;
  readonly kind: 'lines' | 'bars';
  readonly isLogarithmic?: boolean;
  /** Distances of the lines of the grid, if it is not logarithmic. */
  readonly steps: readonly number[];
  /** The least upper end of the axis. */
  readonly atLeast: number;
  readonly folds: readonly Fold[];
  readonly height: number;
  formatTick(value: number): string;
  /** Called with the index of the time under the pointer, in all charts at once. */
  onPoint(index: number | undefined): void;
}

/** A chart over time, drawn on a canvas. What it shows must be said in words beside it. */
export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const { lines, data } = props;
  const shape = lines.map(({ label }) => label).join();
  useEffect(() => {
    const { current: element } = place;
    if (!element) return;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const make = (): void => {
      plot.current?.destroy();
      plot.current = new UPlot(optionsOf(latest, element), alignedData(latest.current.data), element);
    };
    make();
    const resized = new ResizeObserver(() => {
      plot.current?.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    resized.observe(element);
    dark.addEventListener('change', make);
    return () => {
      dark.removeEventListener('change', make);
      resized.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [shape]);
  useEffect(() => {
    plot.current?.setData(alignedData(data));
  }, [data]);
  return <div class="chart" ref={place} aria-hidden="true" style={{ height: `${props.height}px` }} />;
}

function alignedData(data: ChartData): UPlot.AlignedData {
  return data as unknown as UPlot.AlignedData;
}

/** @param props read when the chart is drawn: they change while it exists */
function optionsOf(props: { readonly current: ChartProps }, element: HTMLElement): UPlot.Options {
  const { kind, lines, isLogarithmic = false, height } = props.current;
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--muted'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: color('--grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height,
    padding: [8, RIGHT_PX, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: 'metrics' }, drag: { x: false, y: false }, points: { size: 6 }, y: false },
    scales: {
      x: { time: true },
      y: {
        distr: isLogarithmic ? 3 : 1,
        range: (_, __, most) => {
          const top = Math.max(props.current.atLeast, (most ?? 0) * 1.1);
          return isLogarithmic ? [1, 10 ** Math.ceil(Math.log10(top))] : [0, top];
        },
      },
    },
    axes: [
      {
        ...axis,
        values: (_, ticks) => ticks.map((tick) => timeLabel(tick, ticks)),
        space: labelSpace,
        size: 28,
      },
      {
        ...axis,
        size: AXIS_PX,
        space: 28,
        ...(isLogarithmic
          ? { splits: (_, __, ___, most) => powersOfTen(most) }
          : { incrs: [...props.current.steps] }),
        // All of them are labelled: of a logarithmic axis, uPlot would leave some out.
        filter: (_, ticks) => ticks,
        values: (_, ticks) => ticks.map((tick) => props.current.formatTick(tick)),
      },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        stroke: color(line.color),
        width: kind === 'bars' ? 0 : 1.6,
        ...(line.pattern && { dash: DASHES[line.pattern] }),
        ...(kind === 'bars' && { fill: color(line.color), paths: bars(), points: { show: false } }),
        ...(kind === 'lines' && { points: { size: 4, fill: color(line.color), filter: isolated } }),
      })),
    ],
    hooks: {
      draw: [(chart) => drawFolds(chart, props.current.folds, color('--fold'), color('--ground'))],
      setCursor: [(chart) => props.current.onPoint(chart.cursor.idx ?? undefined)],
    },
  };
}

function bars(): UPlot.Series.PathBuilder {
  const { bars: make } = UPlot.paths;
  if (!make) throw new Error('uPlot has no bars');
  return make({ size: [0.9, 40, 1], align: 1 });
}

function powersOfTen(most: number): number[] {
  return Array.from({ length: Math.round(Math.log10(most)) + 1 }, (_, power) => 10 ** power);
}

/** The values without a neighbour, which no line shows. */
function isolated(chart: UPlot, line: number): number[] {
  const values = chart.data[line] ?? [];
  return [...values.keys()].filter(
    (index) =>
      values[index] !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null,
  );
}

/** The space for a label of time, px. A narrow chart has none with seconds. */
function labelSpace(_: UPlot, __: number, ___: number, ____: number, width: number): number {
  return width < 400 ? 45 : 70;
}

function timeLabel(seconds: number, ticks: readonly number[]): string {
  const isFine = (ticks[1] ?? 0) - (ticks[0] ?? 0) < 60;
  return isFine ? clockTime(seconds * 1000) : shortTime(seconds * 1000);
}

/** Folds that are closer to each other, px, have one zigzag. */
const FOLD_PX = 8;
/** Labels that are closer to each other, px, would cover each other. */
const LABEL_PX = 90;

/** A zigzag where the axis leaves out the time that was skipped. */
function drawFolds(chart: UPlot, folds: readonly Fold[], color: string, ground: string): void {
  const { ctx, bbox, scales } = chart;
  const { left, top, width, height } = bbox;
  const { min: from = 0, max: until = 0 } = scales.x ?? {};
  const unit = devicePixelRatio;
  const window = { from: from * 1000, until: until * 1000 };
  const groups = groupMarks(folds, window, (FOLD_PX * unit) / width);
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.5 * unit;
  for (const { place } of groups) {
    const x = left + place * width;
    ctx.beginPath();
    for (let y = top, side = 1; y <= top + height; y += 4 * unit, side = -side)
      ctx.lineTo(x + side * 2.5 * unit, y);
    ctx.stroke();
  }
  // Labels lie on lines: they need a ground.
  ctx.strokeStyle = ground;
  ctx.fillStyle = color;
  ctx.lineWidth = 6 * unit;
  ctx.font = `${11 * unit}px ${getComputedStyle(chart.root).fontFamily}`;
  for (const { place, marks } of groupMarks(folds, window, (LABEL_PX * unit) / width)) {
    const isRight = place > 0.5;
    const x = left + place * width + (isRight ? -6 : 6) * unit;
    const text = `${marks[0]?.text}${marks.length > 1 ? `, and ${marks.length - 1} more` : ''}`;
    ctx.textAlign = isRight ? 'right' : 'left';
    ctx.strokeText(text, x, top + 10 * unit);
    ctx.fillText(text, x, top + 10 * unit);
  }
  ctx.restore();
}
