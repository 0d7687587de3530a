import { useMemo, useState } from 'preact/hooks';
import type { MetricsView, MetricsWindow } from '../../../apps/metrics/views.js';
import { useLive } from '../../live.js';
import { markedChanges } from '../../state/band.js';
import { bytes, count, duration, tickDuration } from '../../state/format.js';
import {
  type ChartData,
  LATENCIES,
  latencyData,
  lineStyle,
  memoryData,
  STACKED,
  throughputData,
  WINDOWS,
} from '../../state/metrics.js';
import type { AppState } from '../../state/model.js';
import { refreshStep } from '../../state/refresh.js';
import { useResult } from '../../ui/api.js';
import type { Line } from '../../ui/chart.js';
import { Choice } from '../../ui/choice.js';
import { Strip } from '../../ui/strip.js';
import { second } from '../../wire/time.js';
import { EventList } from './event-list.js';
import { Panel } from './panel.js';

const LABELS = { '5m': WINDOWS['5m'].label, '1h': WINDOWS['1h'].label, '24h': WINDOWS['24h'].label };
const QUIET_REFRESH_MS = 10_000;
const MB = 1024 * 1024;
const COUNT_STEPS = [1, 2, 5]
  .flatMap((step) => [step, step * 10, step * 100, step * 1000, step * 10_000])
  .sort((one, other) => one - other);
const MEMORY_STEPS = Array.from({ length: 14 }, (_, power) => 16 * MB * 2 ** power);

/** How the app has answered, and what explains it, over one time axis. */
export function Metrics({ app }: { app: AppState }) {
  const [window, setWindow] = useState<MetricsWindow>('5m');
  const { refreshMs } = WINDOWS[window];
  // Without requests, only memory changes, slowly.
  const often = useLive(second, (now) =>
    refreshStep(now, app.seconds.at(-1)?.at, refreshMs, Math.max(refreshMs, QUIET_REFRESH_MS)),
  );
  const { value, problem } = useResult(app.name, 'metrics', [often], { window });
  return (
    <div class="metrics">
      <div class="section-head">
        <h1>Metrics</h1>
        <Choice label="Window" choices={LABELS} chosen={window} onChoose={(key) => setWindow(key)} />
      </div>
      {problem && <p class="problem">{problem}</p>}
      {value && <Charts view={value} app={app} />}
    </div>
  );
}

function Charts({ view, app }: { view: MetricsView; app: AppState }) {
  const [pointed, setPointed] = useState<number>();
  const { totals, marks } = view;
  const folds = useMemo(() => marks.filter(({ kind }) => kind === 'advance'), [view]);
  const latency = useMemo(() => latencyData(view), [view]);
  const throughput = useMemo(() => throughputData(view), [view]);
  const memory = useMemo(() => memoryData(view), [view]);
  const quota = Math.max(0, ...view.dynos.map(({ memoryQuota }) => memoryQuota ?? 0));
  const shared = { folds, pointed, onPoint: setPointed };
  return (
    <>
      <Panel
        {...shared}
        title="Response time"
        lines={LATENCY_LINES}
        totals={LATENCIES.map((key) => totals[key])}
        isLastFirst
        data={latency}
        kind="lines"
        isLogarithmic
        atLeast={100}
        steps={[]}
        format={duration}
        formatTick={tickDuration}
      />
      <Panel
        {...shared}
        title={`Requests per ${WINDOWS[view.window].stepMs === 1000 ? 'second' : view.window === '1h' ? '10 s' : 'minute'}`}
        lines={STATUS_LINES}
        totals={STACKED.map((name) => totals.statuses[name])}
        data={throughput}
        isStacked
        isLastFirst
        kind="bars"
        atLeast={4}
        steps={COUNT_STEPS}
        format={count}
        formatTick={count}
      />
      <Panel
        {...shared}
        title="Memory"
        lines={memoryLines(view)}
        totals={[...view.dynos.map(({ memory }) => memory), quota || null]}
        data={withQuota(memory, quota)}
        kind="lines"
        atLeast={Math.max(64 * MB, quota)}
        steps={MEMORY_STEPS}
        format={bytes}
        formatTick={bytes}
      />
      <Strip marks={marks} changes={markedChanges(app)} from={view.from} until={view.until} />
      <EventList marks={marks} />
    </>
  );
}

const LATENCY_LINES: readonly Line[] = [
  { label: 'max', color: '--gray' },
  { label: 'p99', color: '--rust' },
  { label: 'p95', color: '--amber' },
  { label: 'p50', color: '--teal' },
];

const STATUS_LINES: readonly Line[] = STACKED.map((name) => ({ label: name, color: `--status-${name}` }));

function memoryLines(view: MetricsView): readonly Line[] {
  const dynos = view.dynos.map(({ dyno }, index) => ({ label: dyno, ...lineStyle(index) }));
  return [...dynos, { label: 'quota', color: '--bad', pattern: 'dashed' }];
}

function withQuota([times, ...lines]: ChartData, quota: number): ChartData {
  return [times, ...lines, times.map(() => (quota > 0 ? quota : null))];
}
