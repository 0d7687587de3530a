/** Like `Math.random`, but the same again for the same seed: mulberry32. */
export function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The name of one of these by chance, each as often as its weight says.
 * @param {Readonly<Record<string, { weight: number }>>} table
 * @param {() => number} random
 */
export function choose(table, random) {
  const all = Object.entries(table);
  let left = random() * all.reduce((sum, [, { weight }]) => sum + weight, 0);
  const [name] = all.find(([, { weight }]) => {
    left -= weight;
    return left < 0;
  });
  return name;
}
