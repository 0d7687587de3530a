import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export interface ConfirmProps {
  readonly title: string;
  readonly button: string;
  readonly children: ComponentChildren;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something is done that restarts dynos. The browser keeps the focus inside, and Escape closes it. */
export function Confirm({ title, button, children, onConfirm, onClose }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={onClose}>
      <h2>{title}</h2>
      {children}
      <form method="dialog" class="actions">
        <button type="submit" class="button">
          Cancel
        </button>
        <button type="submit" class="button primary" onClick={onConfirm}>
          {button}
        </button>
      </form>
    </dialog>
  );
}
