import { useState } from 'preact/hooks';
import type { ClockView } from '../../../api/control.js';
import type { ReportView } from '../../../apps/sleep/views.js';
import { useLive } from '../../live.js';
import { BAND_WINDOWS, type BandWindow, fittingWindow, platformChanges } from '../../state/band.js';
import { platformTime } from '../../state/clock.js';
import type { AppState } from '../../state/model.js';
import { refreshStep } from '../../state/refresh.js';
import { describeApp } from '../../state/sleep.js';
import { state } from '../../store.js';
import { useResult } from '../../ui/api.js';
import { Choice } from '../../ui/choice.js';
import { useNow } from '../../ui/now.js';
import { SleepShape } from '../../ui/shapes.js';
import { Band } from './band.js';
import { Callers } from './callers.js';
import { Hours } from './hours.js';
import { Wakes } from './wakes.js';

/** A report of many wakes is large, and each request changes it. */
const BUSY_REFRESH_MS = 5000;
const REFRESH_MS = 20_000;
const LABELS: Readonly<Record<BandWindow, string>> = { '1h': '1 h', '6h': '6 h', '24h': '24 h' };

/** When the app slept, who woke it, what that cost, and what it saved. */
export function Sleep({ app }: { app: AppState }) {
  const { name, sleep } = app;
  const info = useResult(name, 'info', [sleep?.state]);
  const now = useNow();
  const { clock } = useLive(state);
  const report = useResult(name, 'report', [
    sleep?.state,
    refreshStep(now, app.requests.at(-1)?.at, BUSY_REFRESH_MS, REFRESH_MS),
  ]);
  const text = describeApp(app, info.value?.isBlank, clock, now);
  return (
    <div class="sleep">
      <h1>Sleep</h1>
      {report.problem && <p class="problem">{report.problem}</p>}
      {text && (
        <p class="sleep-state">
          <SleepShape state={text.state} />
          <strong>{text.headline}.</strong> {text.detail}
        </p>
      )}
      {report.value && (
        <>
          <Days report={report.value} isEmpty={app.dynos.length === 0} clock={clock} now={now} />
          <Hours report={report.value} />
          <Wakes wakes={report.value.wakes} />
          <Callers callers={report.value.callers} />
        </>
      )}
    </div>
  );
}

interface DaysProps {
  readonly report: ReportView;
  /** Whether the app has no dynos. */
  readonly isEmpty: boolean;
  readonly clock: ClockView | undefined;
  readonly now: number;
}

function Days({ report, isEmpty, clock, now }: DaysProps) {
  const until = platformTime(clock, now);
  const changes = platformChanges(report.history, isEmpty);
  const [chosen, choose] = useState<BandWindow>();
  const shown = chosen ?? fittingWindow(changes[0]?.at ?? until, until);
  return (
    <section aria-labelledby="band">
      <div class="section-head">
        <h2 id="band">Awake and asleep</h2>
        <Choice label="Window" choices={LABELS} chosen={shown} onChoose={(key) => choose(key)} />
      </div>
      <Band
        changes={changes}
        wakes={report.wakes}
        from={until - BAND_WINDOWS[shown]}
        until={until}
        aheadMs={until - now}
      />
    </section>
  );
}
