import type { Mark } from '../../../apps/metrics/views.js';
import { MarkList } from '../../ui/mark-list.js';

const SHOWN = 20;

/** What happened last. */
export function Activity({ marks }: { marks: readonly Mark[] }) {
  return (
    <section aria-labelledby="activity">
      <h2 id="activity">Activity</h2>
      {marks.length === 0 ? (
        <p class="none">Nothing has happened yet.</p>
      ) : (
        <MarkList marks={marks.slice(-SHOWN)} />
      )}
    </section>
  );
}
