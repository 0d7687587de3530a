import { shorten } from '../../base/wording.js';

/** Where progress is shown. */
interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** A line that says what is being done, and vanishes. Only a terminal gets it. */
interface Progress {
  show(id: string): void;
  clear(): void;
}

const CLEAR_LINE = '\r\x1b[K';

export function showProgress(screen: Screen): Progress {
  let isShown = false;
  const clear = (): void => {
    if (isShown) screen.write(CLEAR_LINE);
    isShown = false;
  };
  return {
    clear,
    show(id) {
      if (screen.isTTY !== true) return;
      clear();
      screen.write(shorten(`Asking: ${id} ...`, (screen.columns || 80) - 1));
      isShown = true;
    },
  };
}
