/** About weather and water, like Heroku's generated names. */
const ADJECTIVES =
  'ancient arctic autumn blooming bold bright calm cool damp dawn deep dry early fierce frozen gentle glacial hidden icy late limitless lively lonely mighty misty morning mysterious nameless peaceful polar quiet rocky serene shielded silent snowy still stormy sunny tranquil twilight wild windy wintry'.split(
    ' ',
  );
const NOUNS =
  'basin bayou beach brook canyon cliffs cove crag dawn delta dusk fjord forest garden gorge harbor hollow inlet island lagoon lake meadow mesa oasis ocean peak plains plateau pond reef ridge river sands savannah sea shore spire stream sun temple thicket tundra valley waters wave woods'.split(
    ' ',
  );

/**
 * Generates a name for an app: `thawing-inlet-61413`.
 * @param random returns a whole number from 0 to below the bound
 */
export function inventName(random: (bound: number) => number, isFree: (name: string) => boolean): string {
  const pick = (words: readonly string[]): string => words[random(words.length)] ?? '';
  for (;;) {
    const name = `${pick(ADJECTIVES)}-${pick(NOUNS)}-${10_000 + random(90_000)}`;
    if (isFree(name)) return name;
  }
}
