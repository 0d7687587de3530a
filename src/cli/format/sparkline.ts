const LEVELS = '▁▂▃▄▅▆▇█';

/** A small plot: `▁▂··█`. `·` is zero, the highest value is a full block. */
export function sparkline(values: readonly number[]): string {
  const highest = Math.max(...values);
  return values
    .map((value) => (value <= 0 ? '·' : LEVELS[Math.ceil((value / highest) * LEVELS.length) - 1]))
    .join('');
}
