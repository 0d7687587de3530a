import type { Mark } from '../../../apps/metrics/views.js';
import { counted } from '../../state/format.js';
import { MarkList } from '../../ui/mark-list.js';

/** The events of the strip, in words. */
export function EventList({ marks }: { marks: readonly Mark[] }) {
  return (
    <details class="event-list">
      <summary>{counted(marks.length, 'event')} in this window</summary>
      <MarkList marks={marks} />
    </details>
  );
}
