/** Compares versions as npm does. Imports only a few files of semver, and late, to keep the bundle small and quick. */

/** @returns undefined if npm could not read the range either */
export async function isInRange(version: string, range: string): Promise<boolean | undefined> {
  const { default: validRange } = await import('semver/ranges/valid.js');
  const { default: satisfies } = await import('semver/functions/satisfies.js');
  return validRange(range) === null ? undefined : satisfies(version, range);
}

/**
 * Whether a range allows only versions below one.
 * @param range one that npm can read
 */
export async function isBelow(range: string, version: string): Promise<boolean> {
  const { default: intersects } = await import('semver/ranges/intersects.js');
  return !intersects(range, `>=${version}`);
}
