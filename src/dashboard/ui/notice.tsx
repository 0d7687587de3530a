import { useEffect, useState } from 'preact/hooks';
import { Live, useLive } from '../live.js';
import { snapshots } from '../store.js';
import { type Api, CallError } from '../wire/api.js';
import { currentApi } from '../wire/session.js';
import { after } from '../wire/time.js';

interface Notice {
  readonly kind: 'doing' | 'done' | 'failed';
  readonly text: string;
  /** Whether it failed because dynosim did not answer. */
  readonly isUnanswered?: boolean;
}

/** How long a success is shown. A failure stays until it is closed or, if dynosim did not answer, until it does. */
const SHOWN_MS = 6000;

/** What became of the last action. */
const notice = new Live<Notice | undefined>(undefined);

/** An action of the user: what it says while it lasts, and when it is over. */
export interface Action {
  /** `Scaling web to 2` */
  readonly doing: string;
  /** `web runs 2 dynos` */
  readonly done: string;
  run(api: Api): Promise<unknown>;
}

/** Returns a function that carries an action out, and whether one is under way. */
export function useAction(): readonly [act: (action: Action) => void, isBusy: boolean] {
  const [isBusy, setBusy] = useState(false);
  const act = async ({ doing, done, run }: Action): Promise<void> => {
    setBusy(true);
    notice.value = { kind: 'doing', text: `${doing}…` };
    try {
      await run(currentApi());
      const said: Notice = { kind: 'done', text: `${done}.` };
      notice.value = said;
      after(SHOWN_MS, () => {
        if (notice.value === said) notice.value = undefined;
      });
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      notice.value = { kind: 'failed', text: error.message, isUnanswered: error.status === 0 };
    } finally {
      setBusy(false);
    }
  };
  return [(action) => void act(action), isBusy];
}

export interface ActionButtonProps extends Action {
  readonly label: string;
  /** For screen readers, where the label alone does not say enough. */
  readonly name?: string;
  readonly isDisabled?: boolean;
  /** Names of classes. */
  readonly class?: 'button' | 'button primary' | 'plain';
}

export function ActionButton({
  label,
  name,
  isDisabled = false,
  class: look = 'button',
  ...action
}: ActionButtonProps) {
  const [act, isBusy] = useAction();
  return (
    <button
      type="button"
      class={look}
      aria-label={name}
      title={name}
      aria-disabled={isDisabled || isBusy}
      onClick={() => {
        if (!isDisabled && !isBusy) act(action);
      }}
    >
      {label}
    </button>
  );
}

/** The last notice, until the user closes it or the next one comes. */
export function Notices() {
  const now = useLive(notice);
  const snapshot = useLive(snapshots);
  useEffect(() => {
    if (notice.value?.isUnanswered) notice.value = undefined;
  }, [snapshot]);
  return (
    <div class="notices" role="status">
      {now && (
        <p class={`notice ${now.kind}`}>
          <span>{now.text}</span>
          <button
            type="button"
            class="plain"
            aria-label="Close this message"
            onClick={() => {
              notice.value = undefined;
            }}
          >
            ×
          </button>
        </p>
      )}
    </div>
  );
}
