import { UserError } from '../base/errors.js';

/** Between the prefix of a service and a number, like Heroku's generated names. */
const ADJECTIVES =
  'acute amorphous angular animated asymmetrical clean clear closed colorful concave concentric contoured convex cubed curly curved cylindrical deep defined dimensional elliptical encircled fitted flat flexible globular graceful horizontal infinite metric octagonal opaque parallel perpendicular polished rectangular regular round rugged shallow shaped sinuous slippery solid spherical square symmetrical tapered transparent triangular trapezoidal vertical'.split(
    ' ',
  );

/** Of further attachments of a service: `HEROKU_POSTGRESQL_AMBER`. https://devcenter.heroku.com/articles/heroku-postgresql */
const COLORS =
  'AMBER AQUA BLACK BLUE BRONZE BROWN CHARCOAL COBALT COPPER CRIMSON CYAN GOLD GRAY GREEN IVORY JADE MAROON MAUVE NAVY OLIVE ONYX ORANGE PINK PUCE PURPLE RED ROSE SILVER TEAL VIOLET WHITE YELLOW'.split(
    ' ',
  );

/** Returns a whole number from 0 to below the bound. */
export type Random = (bound: number) => number;

/** Generates a name for an add-on: `postgresql-round-12345`. */
export function inventAddonName(prefix: string, random: Random, isFree: (name: string) => boolean): string {
  for (;;) {
    const adjective = ADJECTIVES[random(ADJECTIVES.length)] ?? '';
    const name = `${prefix}-${adjective}-${10_000 + random(90_000)}`;
    if (isFree(name)) return name;
  }
}

/** Chooses a name for a further attachment: `HEROKU_POSTGRESQL_AMBER`; with a number when all colors are taken. */
export function inventAttachmentName(
  colored: string,
  random: Random,
  isFree: (name: string) => boolean,
): string {
  const first = random(COLORS.length);
  const names = [...COLORS.slice(first), ...COLORS.slice(0, first)].map((color) => `${colored}_${color}`);
  const free = names.find(isFree);
  if (free !== undefined) return free;
  for (let number = 2; ; number++) if (isFree(`${names[0]}_${number}`)) return `${names[0]}_${number}`;
}

/** @throws UserError `BAD_ADDON_NAME` */
export function checkAddonName(name: string): void {
  // https://devcenter.heroku.com/articles/platform-api-reference#add-on
  if (/^[a-zA-Z][A-Za-z0-9_-]+$/.test(name)) return;
  throw new UserError(
    'BAD_ADDON_NAME',
    'Name must start with a letter, and contain at least two characters: letters, numbers, underscores and dashes',
  );
}
