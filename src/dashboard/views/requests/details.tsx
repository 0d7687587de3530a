import { useState } from 'preact/hooks';
import type { RequestView } from '../../../apps/views.js';
import { siteOf } from '../../../base/site.js';
import type { LogEntry } from '../../../logs/entry.js';
import { preciseTime } from '../../state/format.js';
import { asCurl } from '../../state/requests.js';
import { useAnswer, useResult } from '../../ui/api.js';
import { CopyButton } from '../../ui/copy-button.js';
import { LineText } from '../../ui/line-text.js';
import { Timeline } from '../../ui/timeline.js';
import { type Api, pathOf } from '../../wire/api.js';

/** What else is said in the log while a request is served belongs to it, probably. */
const AROUND_MS = 2000;

/** Where a request's time went, who sent it, and what the log says about it. */
export function Details({ app, request }: { app: string; request: RequestView }) {
  const { requestId, client, userAgent, isHeld, at } = request;
  const info = useResult(app, 'info', []);
  return (
    <div class="request-details">
      <Timeline timeline={request.timeline} />
      <div>
        <dl class="facts-list">
          <dt>Request ID</dt>
          <dd>
            <code>{requestId}</code>
          </dd>
          <dt>Ended</dt>
          <dd>{preciseTime(at)}</dd>
          <dt>Client</dt>
          <dd>{client}</dd>
          <dt>User agent</dt>
          <dd>{userAgent === '' ? '–' : userAgent}</dd>
          {isHeld && (
            <>
              <dt>Held</dt>
              <dd>It waited in the router for a dyno.</dd>
            </>
          )}
        </dl>
        {info.value && <CopyButton label="Copy as curl" text={asCurl(request, siteOf(info.value.url))} />}
      </div>
      <LinesOfRequest app={app} request={request} />
    </div>
  );
}

function LinesOfRequest({ app, request }: { app: string; request: RequestView }) {
  const [isAll, setAll] = useState(false);
  const { value, problem } = useAnswer((api) => linesAround(api, app, request), [app, request.requestId]);
  if (problem) return <p class="problem">{problem}</p>;
  if (!value) return null;
  const own = value.filter(({ line }) => line.includes(request.requestId));
  const shown = isAll ? value : own;
  return (
    <section class="lines-of-request" aria-label="Log lines of this request">
      <div class="section-head">
        <h2>{isAll ? 'Log lines of the same time' : 'Log lines with its request ID'}</h2>
        {value.length > own.length && (
          <button type="button" class="button" aria-pressed={isAll} onClick={() => setAll(!isAll)}>
            {isAll ? 'Only with its ID' : `Show all ${value.length} around it`}
          </button>
        )}
      </div>
      <ol class="log-lines">
        {shown.map((line, index) => (
          <li key={index}>
            <time>{preciseTime(line.at)}</time> <span class="source">{`${line.source}[${line.dyno}]`}</span>{' '}
            <LineText line={line} />
          </li>
        ))}
      </ol>
      {own.length === 0 && <p class="none">They are no longer kept.</p>}
    </section>
  );
}

/** The log from shortly before the request until shortly after its end. */
async function linesAround(
  api: Api,
  app: string,
  { at, timeline }: RequestView,
): Promise<readonly LogEntry[]> {
  const filter = { lines: Number.MAX_SAFE_INTEGER, tail: false, since: at - timeline.totalMs - AROUND_MS };
  const path = `${pathOf(app)}/logs?filter=${encodeURIComponent(JSON.stringify(filter))}`;
  const found: LogEntry[] = [];
  for await (const events of api.events(path, new AbortController().signal))
    for (const { data } of events) found.push(...JSON.parse(data));
  return found.filter((entry) => entry.at <= at + AROUND_MS);
}
