import type { WakeView } from '../../../apps/sleep/views.js';
import { counted, duration, span } from '../../state/format.js';
import { wakeCause, wakeParts, wakeTimes } from '../../state/wakes.js';
import { wallNow } from '../../wire/time.js';

const SHOWN = 100;

/** Each wake: what caused it, how long the app had slept, and what its requests waited for. */
export function Wakes({ wakes }: { wakes: readonly WakeView[] }) {
  const longest = Math.max(1, ...wakes.map((wake) => wakeParts(wake).reduce((sum, { ms }) => sum + ms, 0)));
  return (
    <section aria-labelledby="wakes">
      <h2 id="wakes">Wakes</h2>
      {wakes.length === 0 ? (
        <p class="none">The app has not been woken yet.</p>
      ) : (
        <table class="wakes stacked">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Woken by</th>
              <th scope="col" class="amount">
                Had slept
              </th>
              <th scope="col">Waited for</th>
              <th scope="col" class="amount">
                Waited
              </th>
              <th scope="col" class="amount">
                Held
              </th>
            </tr>
          </thead>
          <tbody>
            {wakes
              .slice(-SHOWN)
              .reverse()
              .map((wake) => (
                <Wake key={wake.at} wake={wake} longest={longest} />
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Wake({ wake, longest }: { wake: WakeView; longest: number }) {
  const [wall, platform] = wakeTimes(wake, wallNow());
  const { at, client, userAgent, sleptMs, held, longestWaitMs } = wake;
  const parts = wakeParts(wake);
  return (
    <tr id={`wake-${at}`} tabIndex={-1}>
      <td class="when">
        <time dateTime={at}>{wall}</time>
        {platform && <span class="agent">platform {platform}</span>}
      </td>
      <td class="cause">
        <span class="request-path">{wakeCause(wake)}</span>
        {userAgent !== null && (
          <span class="agent">
            {userAgent || 'no user agent'} {client !== null && `from ${client}`}
          </span>
        )}
      </td>
      <td class="amount slept">{span(sleptMs)}</td>
      <td class="parts">
        <span class="wake-bar" aria-hidden="true">
          {parts.map(({ key, ms }) => (
            <span key={key} class={`segment ${key}`} style={{ width: `${(ms / longest) * 100}%` }} />
          ))}
        </span>
        <span class="wake-parts">{parts.map(({ label, ms }) => `${label} ${duration(ms)}`).join(' + ')}</span>
      </td>
      <td class="amount waited">{held === 0 ? '–' : duration(longestWaitMs)}</td>
      <td class="amount held">{held === 0 ? '–' : counted(held, 'request')}</td>
    </tr>
  );
}
