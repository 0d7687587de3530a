import type { ApiRequest, JsonAnswer } from '../route.js';

/** Heroku's maximum. https://devcenter.heroku.com/articles/platform-api-reference#ranges */
const MAX_PAGE = 1000;
const DEFAULT_PAGE = 200;

/**
 * Returns the part of a list requested by the `Range` header: `version ..; max=15, order=desc`, in any order, or
 * `version 4..`. If more items follow, `Next-Range` in the response is the next range to request.
 * @param items in ascending order of the key
 * @param field the name of the key
 */
export function paginate<T>(
  { range = '' }: ApiRequest['headers'],
  items: readonly T[],
  field: string,
  keyOf: (item: T) => string | number,
  serialize: (item: T) => unknown,
): JsonAnswer {
  const isDescending = /order=desc/.test(range);
  const max = Math.min(Number(/max=(\d+)/.exec(range)?.[1] ?? DEFAULT_PAGE), MAX_PAGE);
  const ordered = isDescending ? [...items].reverse() : items;
  const from = /^\w+ \]?([^.;\s][^;]*?)\.\./.exec(range)?.[1];
  const start = from === undefined ? 0 : ordered.findIndex((item) => String(keyOf(item)) === from);
  // A bracket excludes the first item, which was the last of the previous page.
  const first = start + (/^\w+ \]/.test(range) ? 1 : 0);
  const found = start === -1 ? [] : ordered.slice(first, first + max);
  const last = found.at(-1);
  const isAll = start === -1 || first + found.length >= ordered.length || last === undefined;
  const next = isAll ? '' : `${field} ]${keyOf(last)}..; max=${max}${isDescending ? ', order=desc' : ''}`;
  return {
    status: isAll ? 200 : 206,
    body: found.map(serialize),
    headers: { 'Accept-Ranges': field, ...(isAll ? {} : { 'Next-Range': next }) },
  };
}
