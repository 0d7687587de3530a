import { dynosOf, type LogRow, type LogRowFilter } from '../../state/logs.js';
import { Choice } from '../../ui/choice.js';

export interface LogFiltersProps {
  readonly rows: readonly LogRow[];
  readonly filter: LogRowFilter;
  onChange(filter: LogRowFilter): void;
}

const SOURCES = { '': 'All', app: 'App', heroku: 'Platform', dynosim: 'dynosim' } as const;

export function LogFilters({ rows, filter, onChange }: LogFiltersProps) {
  const set = (part: Partial<LogRowFilter>) => onChange({ ...filter, ...part });
  const dynos = new Set(dynosOf(rows));
  if (filter.dyno !== '') dynos.add(filter.dyno);
  return (
    <search class="filters" aria-label="Filter log lines">
      <Choice
        label="Source"
        choices={SOURCES}
        chosen={filter.source as keyof typeof SOURCES}
        onChoose={(source) => set({ source })}
      />
      <label>
        <span>Dyno</span>
        <select value={filter.dyno} onChange={(event) => set({ dyno: event.currentTarget.value })}>
          <option value="">all</option>
          {[...dynos].map((dyno) => (
            <option key={dyno}>{dyno}</option>
          ))}
        </select>
      </label>
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
