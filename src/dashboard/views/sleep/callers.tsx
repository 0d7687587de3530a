import type { ReportView } from '../../../apps/sleep/views.js';
import { count } from '../../state/format.js';

/** Who keeps the app awake: whose requests start its countdown again and again. */
export function Callers({ callers }: Pick<ReportView, 'callers'>) {
  const all = callers.reduce((sum, { requests }) => sum + requests, 0);
  return (
    <section aria-labelledby="callers">
      <h2 id="callers">Who keeps it awake</h2>
      {callers.length === 0 ? (
        <p class="none">No request has come yet.</p>
      ) : (
        <table class="callers">
          <thead>
            <tr>
              <th scope="col">User agent</th>
              <th scope="col" class="amount">
                Requests
              </th>
              <th scope="col" class="share">
                <span class="hidden">Share</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {callers.map(({ userAgent, requests, isRobot }) => (
              <tr key={userAgent}>
                <th scope="row">
                  {userAgent || 'No user agent'} {isRobot && <span class="tag">robot</span>}
                </th>
                <td class="amount">{count(requests)}</td>
                <td class="share">
                  <span class="share-bar" aria-hidden="true">
                    <span style={{ width: `${(requests / all) * 100}%` }} />
                  </span>
                  {Math.round((requests / all) * 100)} %
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
