import { useLayoutEffect, useReducer } from 'preact/hooks';
import type { Cancel } from '../base/clock.js';

/** A value that changes, and is shown as it is. */
export class Live<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set value(value: T) {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener();
  }

  onChange(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** The value now. The component is drawn again when it changes. */
export function useLive<T>(live: Live<T>): T;
/** A part of the value. The component is drawn again when that part changes. */
export function useLive<T, Part>(live: Live<T>, select: (value: T) => Part): Part;
export function useLive<T>(live: Live<T>, select: (value: T) => unknown = (value) => value): unknown {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const shown = select(live.value);
  useLayoutEffect(() => {
    const look = (): void => {
      if (!Object.is(select(live.value), shown)) redraw(undefined);
    };
    // It may have changed since it was drawn.
    look();
    return live.onChange(look);
  });
  return shown;
}
