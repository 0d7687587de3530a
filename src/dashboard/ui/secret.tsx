import { useState } from 'preact/hooks';

/** A value that is shown only if the user asks for it. */
export function Secret({ name, value, isShown = false }: { name: string; value: string; isShown?: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const isVisible = isShown || isOpen;
  return (
    <span class="secret">
      <code>{isVisible ? value || '(empty)' : '••••••••'}</code>
      {!isShown && (
        <button
          type="button"
          class="plain"
          aria-label={`${isOpen ? 'Hide' : 'Show'} the value of ${name}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'hide' : 'show'}
        </button>
      )}
    </span>
  );
}
