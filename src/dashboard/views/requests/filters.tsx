import type { AppState } from '../../state/model.js';
import { type RequestFilter, valuesOf } from '../../state/requests.js';
import { Choice } from '../../ui/choice.js';
import { Select } from '../../ui/select.js';

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
      <Select
        label="Code"
        fixed={{ any: 'any code' }}
        values={valuesOf(requests, 'code')}
        chosen={filter.code}
        onChoose={(code) => set({ code })}
      />
      <Select
        label="Dyno"
        values={valuesOf(requests, 'dyno')}
        chosen={filter.dyno}
        onChoose={(dyno) => set({ dyno })}
      />
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
