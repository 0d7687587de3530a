/** The gems that a Gemfile.lock names, those included that others need, and their versions. https://bundler.io/guides/gemfile.html */
export function lockedGems(text: string): ReadonlyMap<string, string> {
  const gems = text.matchAll(/^ {4}(\S+) \(([^)]+)\)/gm);
  return new Map(Array.from(gems, ([, name = '', version = '']) => [name, version]));
}
