import { optionsOf } from '../state/options.js';

export interface SelectProps {
  readonly label: string;
  readonly values: readonly string[];
  /** Labels of further options, by option. */
  readonly fixed?: Readonly<Record<string, string>>;
  /** Empty for all. */
  readonly chosen: string;
  onChoose(value: string): void;
}

/** A part of a filter: all, or one of several values. */
export function Select({ label, values, fixed, chosen, onChoose }: SelectProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {optionsOf(values, chosen, { '': 'all', ...fixed }).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
