import { dynosOf, type LogRow, type LogRowFilter } from '../../state/logs.js';
import { Choice } from '../../ui/choice.js';
import { Select } from '../../ui/select.js';

export interface LogFiltersProps {
  readonly rows: readonly LogRow[];
  readonly filter: LogRowFilter;
  onChange(filter: LogRowFilter): void;
}

const SOURCES = { '': 'All', app: 'App', heroku: 'Platform', dynosim: 'dynosim' } as const;

export function LogFilters({ rows, filter, onChange }: LogFiltersProps) {
  const set = (part: Partial<LogRowFilter>) => onChange({ ...filter, ...part });
  return (
    <search class="filters" aria-label="Filter log lines">
      <Choice
        label="Source"
        choices={SOURCES}
        chosen={filter.source as keyof typeof SOURCES}
        onChoose={(source) => set({ source })}
      />
      <Select label="Dyno" values={dynosOf(rows)} chosen={filter.dyno} onChoose={(dyno) => set({ dyno })} />
      <label class="grow">
        <span>Text</span>
        <input
          type="search"
          value={filter.text}
          spellcheck={false}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </label>
    </search>
  );
}
