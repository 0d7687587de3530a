/**
 * Adds up values in equal parts of a window of time, oldest first.
 * @param end of the window, wall-clock ms. It is moved to the next multiple of a part, so that parts keep their values
 *   while time passes
 */
export function inParts(
  values: readonly { readonly at: number; readonly requests: number }[],
  end: number,
  windowMs: number,
  parts: number,
): readonly number[] {
  const partMs = windowMs / parts;
  const start = Math.ceil(end / partMs) * partMs - windowMs;
  const sums = Array.from({ length: parts }, () => 0);
  for (const { at, requests } of values) {
    const part = Math.floor((at - start) / partMs);
    if (part >= 0 && part < parts) sums[part] = (sums[part] ?? 0) + requests;
  }
  return sums;
}
