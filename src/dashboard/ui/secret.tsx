import { useState } from 'preact/hooks';

/** A value that is shown only if the user asks for it. */
export function Secret({ name, value }: { name: string; value: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <span class="secret">
      <code>{isShown ? value || '(empty)' : '••••••••'}</code>
      <button
        type="button"
        class="plain"
        aria-label={`${isShown ? 'Hide' : 'Show'} the value of ${name}`}
        onClick={() => setShown(!isShown)}
      >
        {isShown ? 'hide' : 'show'}
      </button>
    </span>
  );
}
