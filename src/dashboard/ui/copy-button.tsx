import { useState } from 'preact/hooks';

/** Copies a text, and says so. */
export function CopyButton({ label, text }: { label: string; text: string }) {
  const [outcome, setOutcome] = useState<'' | 'Copied' | 'The browser does not allow it'>('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('Copied');
    } catch {
      setOutcome('The browser does not allow it');
    }
  };
  return (
    <p class="copy">
      <button type="button" class="button" title={text} onClick={() => void copy()}>
        {label}
      </button>{' '}
      <span role="status">{outcome}</span>
    </p>
  );
}
