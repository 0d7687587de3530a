/** The middle one. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** How often a piece is in a buffer. */
export function countIn(bytes, piece) {
  let count = 0;
  for (let at = bytes.indexOf(piece); at !== -1; at = bytes.indexOf(piece, at + piece.length)) count += 1;
  return count;
}

/**
 * Runs each contender once without counting, then all in turn, round after round, so that whatever else the
 * machine does strikes all alike. Returns name => results.
 */
export async function interleaved(rounds, contenders) {
  const names = Object.keys(contenders);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (const name of names) await contenders[name]();
  for (let round = 0; round < rounds; round += 1) {
    // The other way round every second time: who comes after a heavy one must not always be the same.
    for (const name of round % 2 ? names.toReversed() : names) results[name].push(await contenders[name]());
  }
  return results;
}
