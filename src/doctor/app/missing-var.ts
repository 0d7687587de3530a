/** A name as config vars have it. */
const NAME = '([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)';
const LACK =
  "(?:missing|required|not (?:been )?set|isn't set|unset|undefined|not defined|not found|not provided|must (?:be (?:set|provided|defined|given)|not be (?:empty|blank))|is (?:empty|blank)|not configured)";

/** How languages, libraries and people complain of a config var that is not set. The first group is its name. */
const COMPLAINTS: readonly RegExp[] = [
  // Python's os.environ, and Ruby's ENV.fetch
  new RegExp(`KeyError: ['"]${NAME}['"]`),
  new RegExp(`key not found: ['"]${NAME}['"]`),
  new RegExp(`\\b${NAME}\\b['"\`]?[^.]{0,60}?\\b${LACK}\\b`),
  new RegExp(
    `\\b(?:[Mm]issing|[Uu]ndefined|[Rr]equired|[Uu]nset|[Ss]et the|[Pp]lease set|[Mm]ust set)\\b.{0,60}?\\b${NAME}\\b`,
  ),
];

/** A complaint about one of these is about a config var, whatever it is called. */
const ABOUT_ENVIRONMENT =
  /\benv(?:iron(?:ment)?)?\b|\bconfig(?:uration)? var|\bvariable\b|KeyError|key not found/i;

/** Codes of errors, which look like names. */
const NO_NAMES = /^(?:ERR|E[A-Z]+$|SIG[A-Z]+$|MODULE_NOT_FOUND$|DEP\d)/;

/**
 * The config var that the last words of a dyno name as missing.
 * @param isSet whether a variable is in the dyno's environment
 */
export function missingVar(
  lastWords: readonly string[],
  isSet: (name: string) => boolean,
): string | undefined {
  for (const line of lastWords.toReversed()) {
    for (const complaint of COMPLAINTS) {
      const name = complaint.exec(line)?.[1];
      if (name === undefined || name.length < 3 || NO_NAMES.test(name) || isSet(name)) continue;
      if (name.includes('_') || ABOUT_ENVIRONMENT.test(line)) return name;
    }
  }
  return undefined;
}
