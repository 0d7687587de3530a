import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { clockTime, counted, preciseTime } from '../../state/format.js';
import { type LineRow, type LogRow, lineFrom, visibleRange } from '../../state/logs.js';
import { LineText } from '../../ui/line-text.js';

export interface LogListProps {
  readonly rows: readonly LogRow[];
  readonly isFollowing: boolean;
  /** The user wants to read what has passed. */
  onPause(): void;
  /** The user is back at the end. */
  onBottom(): void;
}

/** As in the style sheet. */
const ROW_PX = 20;
const COLORS = ['cyan', 'blue', 'yellow', 'green', 'magenta', 'rose'];

/** A list of which only the rows in view are in the document. */
export function LogList({ rows, isFollowing, onPause, onBottom }: LogListProps) {
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [opened, setOpened] = useState<LineRow>();
  /** The colours that dynos have got, in the order in which they were first drawn. */
  const colors = useRef(new Map<string, string | undefined>()).current;
  const colorOf = (dyno: string): string | undefined => {
    const color = colors.get(dyno) ?? COLORS[colors.size % COLORS.length];
    colors.set(dyno, color);
    return color;
  };
  useEffect(() => {
    const { current: element } = place;
    if (!element) return;
    const resized = new ResizeObserver(() => setView(({ top }) => ({ top, height: element.clientHeight })));
    resized.observe(element);
    return () => resized.disconnect();
  }, []);
  /** Where the list has been scrolled to by this code. The event comes later, when the user may have paused. */
  const own = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    const { current: element } = place;
    if (!element || !isFollowing) return;
    element.scrollTop = element.scrollHeight;
    own.current = element.scrollTop;
  });
  const onScroll = (): void => {
    const { current: element } = place;
    if (!element) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    const isOwn = scrollTop === own.current;
    own.current = undefined;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < ROW_PX;
    if (isFollowing && !isAtEnd && scrollTop < view.top) onPause();
    if (!isFollowing && isAtEnd && !isOwn && scrollTop > view.top) onBottom();
    setView({ top: scrollTop, height: clientHeight });
  };
  const open = (row: LineRow): void => {
    const { current: element } = place;
    const top = rows.indexOf(row) * ROW_PX;
    setOpened(row);
    // The line that the user reads must not move away.
    onPause();
    if (!element) return;
    const { scrollTop, clientHeight } = element;
    element.scrollTop = Math.max(Math.min(scrollTop, top), top + ROW_PX - clientHeight);
    if (element.scrollTop !== scrollTop) own.current = element.scrollTop;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    const step = { ArrowUp: -1, ArrowDown: 1 } as const;
    const lastSeen = Math.min(rows.length, Math.floor((view.top + view.height) / ROW_PX)) - 1;
    let row: LineRow | undefined;
    if (key === 'Escape') setOpened(undefined);
    else if (key === 'Enter') row = lineFrom(rows, lastSeen, -1);
    else if (opened && (key === 'ArrowUp' || key === 'ArrowDown')) {
      event.preventDefault();
      row = lineFrom(rows, rows.indexOf(opened) + step[key], step[key]);
    }
    if (row) open(row);
  };
  const [first, end] = visibleRange(view.top, view.height, ROW_PX, rows.length);
  return (
    <>
      <div
        class="log"
        ref={place}
        role="log"
        aria-label="Log"
        aria-live="off"
        aria-describedby="log-keys"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
      >
        <div class="log-rows" style={{ height: `${rows.length * ROW_PX}px` }}>
          <div style={{ transform: `translateY(${first * ROW_PX}px)` }}>
            {rows.slice(first, end).map((row) => (
              <Row key={row.id} row={row} isOpen={row === opened} colorOf={colorOf} onOpen={open} />
            ))}
          </div>
        </div>
      </div>
      <div role="status">{opened && <WholeLine row={opened} onClose={() => setOpened(undefined)} />}</div>
    </>
  );
}

interface RowProps {
  readonly row: LogRow;
  readonly isOpen: boolean;
  colorOf(dyno: string): string | undefined;
  onOpen(row: LineRow): void;
}

function Row({ row, isOpen, colorOf, onOpen }: RowProps) {
  if ('skipped' in row)
    return (
      <div class="log-row skipped">{`${counted(row.skipped, 'line')} left out: the log is too fast for this page`}</div>
    );
  const { at, source, dyno } = row.line;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in the log does the same
    <div class={`log-row ${isOpen ? 'open' : ''}`} onDblClick={() => onOpen(row)}>
      <time>{clockTime(at)}</time>
      <span class={`source ${colorOf(dyno)}`}>{`${source}[${dyno}]`}</span>
      <LineText line={row.line} />
    </div>
  );
}

/** A line that is too long for its row, below the log. */
function WholeLine({ row, onClose }: { row: LineRow; onClose(): void }) {
  const { at, source, dyno } = row.line;
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: 'nearest' }), [row]);
  return (
    <section class="whole-line" ref={place} aria-label="The whole line">
      <div class="section-head">
        <span class="muted">{`${preciseTime(at)} ${source}[${dyno}]`}</span>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      <pre>
        <LineText line={row.line} />
      </pre>
    </section>
  );
}
