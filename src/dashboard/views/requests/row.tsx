import type { RequestView } from '../../../apps/views.js';
import { bytes, clockTime, duration } from '../../state/format.js';
import { SmallTimeline } from '../../ui/timeline.js';
import { Details } from './details.js';

export interface RequestRowProps {
  readonly app: string;
  readonly request: RequestView;
  readonly isOpen: boolean;
  onOpen(): void;
}

/** A request, and below it its details if it is open. */
export function RequestRow({ app, request, isOpen, onOpen }: RequestRowProps) {
  const { at, method, path, status, code, dyno, timeline, connectMs, serviceMs, requestId } = request;
  const { queuedMs, delayMs, bootMs, totalMs } = timeline;
  const details = `details-${requestId}`;
  return (
    <>
      <tr class={isOpen ? 'request open' : 'request'} onClick={onOpen}>
        <td class="time">{clockTime(at)}</td>
        <td class="what">
          <button
            type="button"
            class="row-button"
            aria-expanded={isOpen}
            aria-controls={isOpen ? details : undefined}
            onClick={(event) => {
              event.stopPropagation();
              onOpen();
            }}
          >
            <span class="method">{method}</span> <span class="request-path">{path}</span>
          </button>
        </td>
        <td class="status">
          <span class={`status-${Math.floor(status / 100)}`}>{status}</span>
          {code !== null && <strong class="code"> {code}</strong>}
        </td>
        <td class="dyno">{dyno ?? '–'}</td>
        <td class="amount queue">{milliseconds(queuedMs + delayMs + bootMs)}</td>
        <td class="amount connect">{milliseconds(connectMs)}</td>
        <td class="amount service">{milliseconds(serviceMs)}</td>
        <td class="amount total">{duration(totalMs)}</td>
        <td class="time-went">
          <SmallTimeline timeline={timeline} />
        </td>
        <td class="amount bytes">{request.bytes === null ? '–' : bytes(request.bytes)}</td>
      </tr>
      {isOpen && (
        <tr class="details" id={details}>
          <td colSpan={10}>
            <Details app={app} request={request} />
          </td>
        </tr>
      )}
    </>
  );
}

function milliseconds(ms: number | null): string {
  return ms === null ? '–' : duration(ms);
}
