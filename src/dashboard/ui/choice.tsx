export interface ChoiceProps<Key extends string> {
  /** Unlike that of any other choice in the view. */
  readonly label: string;
  /** Labels by key. */
  readonly choices: Readonly<Record<Key, string>>;
  readonly chosen: Key;
  onChoose(key: Key): void;
}

/** A few alternatives side by side, as radio buttons. */
export function Choice<Key extends string>({ label, choices, chosen, onChoose }: ChoiceProps<Key>) {
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {(Object.entries(choices) as [Key, string][]).map(([key, text]) => (
        <label key={key}>
          <input type="radio" name={label} checked={key === chosen} onChange={() => onChoose(key)} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
