import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { clockTime, counted, preciseTime } from '../../state/format.js';
import { type LogRow, visibleRange } from '../../state/logs.js';
import { AnsiText } from '../../ui/ansi-text.js';

export interface LogListProps {
  readonly rows: readonly LogRow[];
  readonly isFollowing: boolean;
  /** The user wants to read what has passed. */
  onScrollUp(): void;
  /** The user is back at the end. */
  onBottom(): void;
}

/** As in the style sheet. */
const ROW_PX = 20;
const COLORS = 6;

/** A list of which only the rows in view are in the document. */
export function LogList({ rows, isFollowing, onScrollUp, onBottom }: LogListProps) {
  const place = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const [opened, setOpened] = useState<LogRow>();
  /** The colours that dynos have got, in the order in which they were first drawn. */
  const colors = useRef(new Map<string, number>()).current;
  const colorOf = (dyno: string): number => {
    const color = colors.get(dyno) ?? colors.size % COLORS;
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
    if (isFollowing && !isAtEnd && scrollTop < view.top) onScrollUp();
    if (!isFollowing && isAtEnd && !isOwn && scrollTop > view.top) onBottom();
    setView({ top: scrollTop, height: clientHeight });
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
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        <div class="log-rows" style={{ height: `${rows.length * ROW_PX}px` }}>
          <div style={{ transform: `translateY(${first * ROW_PX}px)` }}>
            {rows.slice(first, end).map((row) => (
              <Row key={row.id} row={row} colorOf={colorOf} onOpen={() => setOpened(row)} />
            ))}
          </div>
        </div>
      </div>
      {opened && 'line' in opened && <WholeLine row={opened} onClose={() => setOpened(undefined)} />}
    </>
  );
}

interface RowProps {
  readonly row: LogRow;
  colorOf(dyno: string): number;
  onOpen(): void;
}

function Row({ row, colorOf, onOpen }: RowProps) {
  if ('skipped' in row)
    return (
      <div class="log-row skipped">{`${counted(row.skipped, 'line')} left out: the log is too fast for this page`}</div>
    );
  const { at, source, dyno, line } = row.line;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard scrolls the log sideways instead
    <div class={`log-row from-${source}`} onDblClick={onOpen}>
      <time>{clockTime(at)}</time>
      <span class={`source color-${colorOf(dyno)}`}>{`${source}[${dyno}]`}</span>
      <span class="line">
        <AnsiText text={line} />
      </span>
    </div>
  );
}

/** A line that is too long for its row. */
function WholeLine({ row, onClose }: { row: Extract<LogRow, { line: unknown }>; onClose(): void }) {
  const { at, source, dyno, line } = row.line;
  return (
    <section class="whole-line" aria-label="The whole line">
      <div class="section-head">
        <span class="muted">{`${preciseTime(at)} ${source}[${dyno}]`}</span>
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
      <pre>
        <AnsiText text={line} />
      </pre>
    </section>
  );
}
