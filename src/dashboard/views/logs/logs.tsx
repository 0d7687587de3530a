import { useEffect, useState } from 'preact/hooks';
import type { HostEvent } from '../../../api/control.js';
import { useLive } from '../../live.js';
import { count, counted } from '../../state/format.js';
import {
  ALL_ROWS,
  addLines,
  countSkipped,
  filterRows,
  type LogRowFilter,
  type LogRows,
  NO_ROWS,
} from '../../state/logs.js';
import type { AppState } from '../../state/model.js';
import { connection } from '../../store.js';
import { NO_ANSWER } from '../../wire/api.js';
import { type Connection, follow } from '../../wire/follow.js';
import { currentApi, leave } from '../../wire/session.js';
import { coalesce } from '../../wire/time.js';
import { LogFilters } from './filters.js';
import { LogList } from './list.js';

const DRAW_MS = 100;

/** The app's log, live. */
export function Logs({ app: { name } }: { app: AppState }) {
  const log = useLog(name);
  const { at } = useLive(connection);
  const [filter, setFilter] = useState<LogRowFilter>(ALL_ROWS);
  const [paused, setPaused] = useState<LogRows>();
  const shown = paused ?? log;
  const rows = filterRows(shown.rows, filter);
  const skipped = countSkipped(shown.rows);
  const missed = paused ? log.next - paused.next : 0;
  return (
    <div class="logs">
      <div class="section-head">
        <h1>Logs</h1>
        <span class="muted">{paused ? `Paused. ${counted(missed, 'new row')}.` : 'Following'}</span>
        <button
          type="button"
          class="button"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused ? undefined : log)}
        >
          {paused ? 'Follow' : 'Pause'}
        </button>
      </div>
      {at === 'lost' && log.rows.length === 0 && <p class="problem">{NO_ANSWER}</p>}
      <LogFilters rows={shown.rows} filter={filter} onChange={setFilter} />
      <LogList
        rows={rows}
        isFollowing={!paused}
        onPause={() => setPaused((before) => before ?? log)}
        onBottom={() => setPaused(undefined)}
      />
      <p class="muted">
        {rows.length === shown.rows.length
          ? counted(rows.length, 'row')
          : `${count(rows.length)} of ${counted(shown.rows.length, 'row')}`}
        {skipped > 0 &&
          `, ${counted(skipped, 'line')} left out between them: the log is too fast for this page`}
      </p>
      <p class="muted" id="log-keys">
        A double click, or Enter in the log, shows a whole line; the arrow keys then lead to the next.
      </p>
    </div>
  );
}

/** Reads an app's log while it is shown. */
function useLog(app: string): LogRows {
  const [log, setLog] = useState(NO_ROWS);
  useEffect(() => {
    const end = new AbortController();
    let latest = NO_ROWS;
    const show = coalesce(
      () => DRAW_MS,
      () => {
        if (!end.signal.aborted) setLog(latest);
      },
    );
    const onEvents = (events: readonly HostEvent[], isSnapshot: boolean): void => {
      if (isSnapshot) latest = { ...NO_ROWS, next: latest.next };
      for (const event of events)
        if (event.event === 'log') latest = addLines(latest, event.lines, event.skipped);
      show();
    };
    const onConnection = (_: Connection): void => {};
    const wanted = { app, include: ['logs'] } as const;
    void follow(currentApi(), wanted, { onEvents, onConnection, onRefused: leave }, end.signal);
    return () => end.abort();
  }, [app]);
  return log;
}
