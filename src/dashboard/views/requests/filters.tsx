import type { AppState } from '../../state/model.js';
import { type RequestFilter, valuesOf } from '../../state/requests.js';
import { Choice } from '../../ui/choice.js';

export interface FiltersProps {
  readonly requests: AppState['requests'];
  readonly filter: RequestFilter;
  onChange(filter: RequestFilter): void;
}

const STATUSES = { '': 'All', '2xx': '2xx', '3xx': '3xx', '4xx': '4xx', '5xx': '5xx' } as const;

export function Filters({ requests, filter, onChange }: FiltersProps) {
  const set = (part: Partial<RequestFilter>) => onChange({ ...filter, ...part });
  return (
    <search class="filters" aria-label="Filter requests">
      <Choice
        label="Status"
        choices={STATUSES}
        chosen={filter.status as keyof typeof STATUSES}
        onChoose={(status) => set({ status })}
      />
      <label>
        <span>Code</span>
        <select value={filter.code} onChange={(event) => set({ code: event.currentTarget.value })}>
          <option value="">all</option>
          <option value="any">any code</option>
          {valuesOf(requests, 'code').map((code) => (
            <option key={code}>{code}</option>
          ))}
        </select>
      </label>
      <label>
        <span>Dyno</span>
        <select value={filter.dyno} onChange={(event) => set({ dyno: event.currentTarget.value })}>
          <option value="">all</option>
          {valuesOf(requests, 'dyno').map((dyno) => (
            <option key={dyno}>{dyno}</option>
          ))}
        </select>
      </label>
      <label class="grow">
        <span>Method or path</span>
        <input
          type="search"
          value={filter.path}
          spellcheck={false}
          onInput={(event) => set({ path: event.currentTarget.value })}
        />
      </label>
    </search>
  );
}
