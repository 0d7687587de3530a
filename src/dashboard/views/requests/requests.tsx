import { useState } from 'preact/hooks';
import { count, counted } from '../../state/format.js';
import type { AppState } from '../../state/model.js';
import { ALL_REQUESTS, matches, type RequestFilter } from '../../state/requests.js';
import { Filters } from './filters.js';
import { RequestRow } from './row.js';

const SHOWN = 100;

/** The requests that the router has served, newest first. */
export function Requests({ app }: { app: AppState }) {
  const [filter, setFilter] = useState<RequestFilter>(ALL_REQUESTS);
  const [opened, setOpened] = useState<string>();
  const [paused, setPaused] = useState<AppState['requests']>();
  const requests = paused ?? app.requests;
  const open = (key: string): void => {
    setOpened(key === opened ? undefined : key);
    // The request that the user reads must not move away.
    setPaused(requests);
  };
  const found = requests.filter((request) => matches(request, filter));
  const newer = paused ? app.requests.filter(({ at }) => at > (paused.at(-1)?.at ?? 0)).length : 0;
  return (
    <div class="requests">
      <div class="section-head">
        <h1>Requests</h1>
        <button
          type="button"
          class="button"
          aria-pressed={paused !== undefined}
          onClick={() => setPaused(paused ? undefined : app.requests)}
        >
          {paused ? `Continue${newer > 0 ? ` (${count(newer)} new)` : ''}` : 'Pause'}
        </button>
      </div>
      <Filters requests={app.requests} filter={filter} onChange={setFilter} />
      {app.skippedRequests > 0 && (
        <p class="skipped">
          {counted(app.skippedRequests, 'request')} came too fast to be listed. The metrics count them all.
        </p>
      )}
      {requests.length === 0 ? (
        <p class="none">No request has come yet.</p>
      ) : found.length === 0 ? (
        <p class="none">None of {counted(requests.length, 'request')} matches.</p>
      ) : (
        <RequestTable app={app} requests={found.slice(-SHOWN).reverse()} opened={opened} onOpen={open} />
      )}
      {found.length > SHOWN && <p class="none">Older ones are not shown: filter to find them.</p>}
    </div>
  );
}

interface RequestTableProps {
  readonly app: AppState;
  /** Newest first. */
  readonly requests: AppState['requests'];
  /** The key of the request whose details are shown. */
  readonly opened: string | undefined;
  onOpen(key: string): void;
}

function RequestTable({ app, requests, opened, onOpen }: RequestTableProps) {
  return (
    <table class="request-table stacked">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Request</th>
          <th scope="col">Status</th>
          <th scope="col">Dyno</th>
          <th scope="col" class="amount">
            Queue
          </th>
          <th scope="col" class="amount">
            Connect
          </th>
          <th scope="col" class="amount">
            Service
          </th>
          <th scope="col" class="amount">
            Total
          </th>
          <th scope="col" class="time-went">
            Where the time went (log scale)
          </th>
          <th scope="col" class="amount">
            Bytes
          </th>
        </tr>
      </thead>
      <tbody>
        {requests.map((request) => (
          <RequestRow
            key={keyOf(request)}
            app={app.name}
            request={request}
            isOpen={keyOf(request) === opened}
            onOpen={() => onOpen(keyOf(request))}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Clients choose the IDs of their requests, so several may have the same one. */
function keyOf({ requestId, at }: AppState['requests'][number]): string {
  return `${requestId}@${at}`;
}
