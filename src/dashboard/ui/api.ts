import { useEffect, useState } from 'preact/hooks';
import { useLive } from '../live.js';
import { snapshots } from '../store.js';
import { type Api, CallError } from '../wire/api.js';
import { currentApi } from '../wire/session.js';

/** What was read, or why it could not be read. */
export interface Answer<T> {
  readonly value?: T;
  readonly problem?: string;
}

/**
 * Reads something when the component appears, when one of `keys` changes and after the connection was lost. The last value
 * stays until the next one is there.
 */
export function useAnswer<T>(read: (api: Api) => Promise<T>, keys: readonly unknown[]): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({});
  const snapshot = useLive(snapshots);
  useEffect(() => {
    let isWanted = true;
    read(currentApi()).then(
      (value) => {
        if (isWanted) setAnswer({ value });
      },
      (error: unknown) => {
        if (!(error instanceof CallError)) throw error;
        // That dynosim does not answer is said at the top of the page.
        if (isWanted && error.status !== 0) setAnswer((before) => ({ ...before, problem: error.message }));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [snapshot, ...keys]);
  return answer;
}
