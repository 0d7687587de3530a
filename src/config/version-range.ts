/** npm's version ranges, as far as they occur in `engines`: enough to compare a version with one. */

type Version = readonly [major: number, minor: number, patch: number];

/** From the first version to the last one, the latter not included. */
interface Interval {
  readonly from: Version;
  readonly to: Version;
}

const FIRST: Version = [0, 0, 0];
const NEVER: Version = [Number.POSITIVE_INFINITY, 0, 0];

/**
 * Whether a version is in a range: `>=18`, `20.x`, `^20.10 || ~22.1`, `18 - 20`, `*`. Pre-releases count as the
 * version they precede. https://docs.npmjs.com/cli/v11/configuring-npm/package-json#engines
 * @returns undefined if the range is written in some other way
 */
export function isInRange(version: string, range: string): boolean | undefined {
  const candidate = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version.trim());
  if (!candidate) return undefined;
  const wanted: Version = [Number(candidate[1]), Number(candidate[2]), Number(candidate[3])];
  const alternatives = range.split('||').map(parseAlternative);
  let isIn = false;
  for (const intervals of alternatives) {
    if (!intervals) return undefined;
    isIn ||= intervals.every(({ from, to }) => compare(from, wanted) <= 0 && compare(wanted, to) < 0);
  }
  return isIn;
}

/** `>=18 <21`: all of the intervals must hold. */
function parseAlternative(text: string): readonly Interval[] | undefined {
  const [, low, high] = /^\s*(\S+)\s+-\s+(\S+)\s*$/.exec(text) ?? [];
  const normal = low && high ? `>=${low} <=${high}` : text.replace(/([<>=~^])\s+/g, '$1');
  const intervals: Interval[] = [];
  for (const part of normal.split(/\s+/)) {
    const interval = parseComparator(part);
    if (!interval) return undefined;
    intervals.push(interval);
  }
  return intervals;
}

const COMPARATOR =
  /^(>=|<=|>|<|=|~>?|\^)?v?(?:(\d+)|[xX*])(?:\.(?:(\d+)|[xX*]))?(?:\.(?:(\d+)|[xX*]))?(?:[-+][\w.+-]+)?$/;

function parseComparator(text: string): Interval | undefined {
  if (text === '') return { from: FIRST, to: NEVER };
  const match = COMPARATOR.exec(text);
  if (!match) return undefined;
  const [, operator = '=', major, minor, patch] = match;
  if (major === undefined) return { from: FIRST, to: NEVER };
  // `18.x.4` is `18`.
  const isExact = minor !== undefined && patch !== undefined;
  return toInterval(operator, Number(major), numberOr(minor), isExact ? Number(patch) : undefined);
}

function toInterval(operator: string, major: number, minor?: number, patch?: number): Interval {
  const from: Version = [major, minor ?? 0, patch ?? 0];
  switch (operator) {
    case '>=':
      return { from, to: NEVER };
    case '>':
      return { from: after(major, minor, patch), to: NEVER };
    case '<':
      return { from: FIRST, to: from };
    case '<=':
      return { from: FIRST, to: after(major, minor, patch) };
    case '~':
    case '~>':
      return { from, to: after(major, minor) };
    case '^':
      // Up to the next change of the first number that is not 0.
      return { from, to: major > 0 ? after(major) : minor ? after(0, minor) : after(0, minor, patch) };
    default:
      return { from, to: after(major, minor, patch) };
  }
}

/** The first version that no longer begins with these numbers. */
function after(major: number, minor?: number, patch?: number): Version {
  if (minor === undefined) return [major + 1, 0, 0];
  return patch === undefined ? [major, minor + 1, 0] : [major, minor, patch + 1];
}

function numberOr(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
