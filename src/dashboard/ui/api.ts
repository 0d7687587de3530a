import { useEffect, useState } from 'preact/hooks';
import type { ResultOf } from '../../api/operations.js';
import { useLive } from '../live.js';
import { snapshots } from '../store.js';
import { type Api, CallError, type RequestArguments } from '../wire/api.js';
import type { UsedOperation } from '../wire/operations.js';
import { currentApi } from '../wire/session.js';

/** What was read, or why it could not be read. */
export interface Answer<T> {
  readonly value?: T | undefined;
  readonly problem?: string | undefined;
}

/** What was read last, by name, for users who come back to a view. */
const kept = new Map<string | undefined, unknown>();

/**
 * Reads something when the component appears, when one of `keys` changes and after the connection was lost. The last value
 * stays until the next one is there, and while dynosim does not answer.
 * @param name under which the value is kept when the component disappears. Without one it is forgotten
 */
export function useAnswer<T>(
  read: (api: Api) => Promise<T>,
  keys: readonly unknown[],
  name?: string,
): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { readonly name?: string | undefined }>({});
  const snapshot = useLive(snapshots);
  useEffect(() => {
    let isWanted = true;
    read(currentApi()).then(
      (value) => {
        if (name !== undefined) kept.set(name, value);
        if (isWanted) setAnswer({ name, value });
      },
      (error: unknown) => {
        if (!(error instanceof CallError)) throw error;
        const { status, message } = error;
        if (!isWanted) return;
        setAnswer((before) => {
          const value = before.name === name ? before.value : (kept.get(name) as T | undefined);
          // That dynosim does not answer is said at the top of the page.
          return { name, value, problem: value !== undefined && status === 0 ? undefined : message };
        });
      },
    );
    return () => {
      isWanted = false;
    };
  }, [snapshot, ...keys]);
  return answer.name !== name && kept.has(name) ? { value: kept.get(name) as T } : answer;
}

/** What an operation on an app answers, read as by `useAnswer` and kept. */
export function useResult<Name extends UsedOperation>(
  app: string,
  operation: Name,
  keys: readonly unknown[],
  ...request: RequestArguments<Name>
): Answer<ResultOf<Name>> {
  const name = JSON.stringify([app, operation, request]);
  return useAnswer((api) => api.call(app, operation, ...request), [name, ...keys], name);
}
