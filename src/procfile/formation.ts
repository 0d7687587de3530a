/** Parses changes to the number of dynos, and applies them to a formation. */

import { UserError } from '../base/errors.js';
import { type DynoSizeName, parseDynoSize } from '../base/sizes.js';
import { enumerate, nearest, quote } from '../base/wording.js';

/** The number and size of dynos by process type, without `release`. */
export type Formation = ReadonlyMap<string, FormationEntry>;

interface FormationEntry {
  readonly quantity: number;
  readonly size: DynoSizeName;
}

/** A change to one process type. Omitted properties stay as they are. */
export interface FormationChange {
  readonly type: string;
  readonly quantity?: Quantity;
  readonly size?: DynoSizeName;
}

/** `web=2` or `web+1`. */
export type Quantity = { readonly to: number } | { readonly by: number };

/** More dynos of one type are probably a typo. Heroku allows 100 per app. */
const MAX_QUANTITY = 1000;

/** Means every process type. */
const ALL = 'all';

/** Runs when a release is made, never scaled. https://devcenter.heroku.com/articles/release-phase */
const RELEASE = 'release';

/** The default formation: one dyno of every type except `release`. */
export function defaultFormation(types: Iterable<string>): Formation {
  const scaled = [...types].filter((type) => type !== RELEASE);
  return new Map(scaled.map((type) => [type, { quantity: 1, size: 'Eco' }]));
}

/**
 * The formation of an app's first code: one web dyno, as on Heroku, except where its app.json wants others.
 * @param size of dynos for which that names none
 */
export function firstFormation(
  types: Iterable<string>,
  size: DynoSizeName,
  wanted: Readonly<Record<string, Partial<FormationEntry>>> = {},
): Formation {
  const scaled = [...types].filter((type) => type !== RELEASE);
  const quantity = (type: string): number => (type === 'web' ? 1 : 0);
  return new Map(scaled.map((type) => [type, { quantity: quantity(type), size, ...wanted[type] }]));
}

/**
 * For `dynosim start web worker`: one dyno of each named type, none of the others.
 * @throws UserError `UNKNOWN_TYPE`
 */
export function onlyTypes(current: Formation, types: readonly string[]): Formation {
  const changes = types.filter((type) => type.includes('='));
  if (changes.length > 0) {
    const hint = `Did you mean --formation ${changes.join(',')}?`;
    throw new UserError('UNKNOWN_TYPE', `"${changes[0]}" is not a process type`, hint);
  }
  for (const type of types) requireType(current, type, type);
  return new Map(
    Array.from(current, ([type, { size }]) => [type, { quantity: types.includes(type) ? 1 : 0, size }]),
  );
}

/**
 * Parses `--formation web=2,worker=1,all=1`. For `all` see `expandAll`.
 * @throws UserError `BAD_FORMATION`
 */
export function parseFormation(text: string): readonly FormationChange[] {
  return parseList(text, (argument) => {
    const [, type, digits] = /^([\w-]+)=(\d+)$/.exec(argument) ?? [];
    if (!type || !digits) throw badFormation(argument);
    return { type, quantity: { to: parseCount(digits, argument) } };
  });
}

/**
 * Parses `--size standard-2x`, which is of `all`, or `--size web=standard-2x,worker=standard-1x`.
 * @throws UserError `UNKNOWN_SIZE`
 */
export function parseSizes(text: string): readonly FormationChange[] {
  return parseList(text, (argument) => {
    const [, type = ALL, name = argument] = /^([\w-]+)=(.*)$/.exec(argument) ?? [];
    return { type, size: parseDynoSize(name) };
  });
}

function parseList(text: string, read: (argument: string) => FormationChange): readonly FormationChange[] {
  return text.split(',').map((argument) => read(argument.trim()));
}

/** The changes to these numbers of dynos, by type. */
export function toQuantities(numbers: Iterable<readonly [string, number]>): readonly FormationChange[] {
  return Array.from(numbers, ([type, to]) => ({ type, quantity: { to } }));
}

/** Replaces each change of `all` by one for each type. They come first, in any position. */
export function expandAll(
  changes: readonly FormationChange[],
  types: readonly string[],
): readonly FormationChange[] {
  const ofAll = changes.filter(({ type }) => type === ALL);
  return [
    ...ofAll.flatMap((change) => types.map((type) => ({ ...change, type }))),
    ...changes.filter(({ type }) => type !== ALL),
  ];
}

/**
 * Parses the arguments of `ps:scale`: `web=2`, `web+1`, `worker-1`, `web=2:standard-1x`. The grammar is that of
 * Heroku's CLI, which silently drops invalid arguments; here they are errors.
 * https://github.com/heroku/cli/blob/main/src/commands/ps/scale.ts
 * @throws UserError `BAD_SCALE`, `UNKNOWN_SIZE`, `TOO_MANY_DYNOS`
 */
export function parseScale(args: readonly string[]): readonly FormationChange[] {
  return args.map((argument) => {
    const [, type, sign, digits, sizeName] = /^([\w-]+)([=+-])(\d+)(?::([\w-]+))?$/.exec(argument) ?? [];
    if (!type || !sign || !digits) throw badScale(argument);
    const quantity = parseQuantity(`${sign}${digits}`, argument);
    return sizeName === undefined ? { type, quantity } : { type, quantity, size: parseDynoSize(sizeName) };
  });
}

/**
 * Parses a quantity of the Platform API: `=2`, `2`, `+1` or `-1`.
 * @param argument its name in errors
 * @throws UserError `BAD_SCALE`, `TOO_MANY_DYNOS`
 */
export function parseQuantity(text: string, argument: string): Quantity {
  const [, sign, digits] = /^([=+-]?)(\d+)$/.exec(text) ?? [];
  if (sign === undefined || digits === undefined) throw badScale(argument);
  const count = parseCount(digits, argument);
  return sign === '+' ? { by: count } : sign === '-' ? { by: -count } : { to: count };
}

/**
 * Applies changes in order: all of them, or none if one is invalid.
 * @throws UserError `UNKNOWN_TYPE`, `TOO_MANY_DYNOS`, `TOO_FEW_DYNOS`
 */
export function applyFormation(current: Formation, changes: readonly FormationChange[]): Formation {
  const next = new Map(current);
  for (const change of changes) {
    const entry = requireType(current, change.type, formatChange(change));
    const { quantity, size } = next.get(change.type) ?? entry;
    next.set(change.type, {
      quantity: change.quantity ? newQuantity(quantity, change.quantity, change) : quantity,
      size: change.size ?? size,
    });
  }
  return next;
}

/** Formats a change as users type it: `web=2`, `worker-1`, `web=2:Standard-1X`. */
export function formatChange({ type, quantity, size }: FormationChange): string {
  if (!quantity) return size ? `${type}=${size}` : type;
  const amount =
    'to' in quantity ? `=${quantity.to}` : `${quantity.by < 0 ? '-' : '+'}${Math.abs(quantity.by)}`;
  return `${type}${amount}${size ? `:${size}` : ''}`;
}

/** A hint about a type without dynos. */
export function hintForType(type: string, known: readonly string[]): string {
  if (known.includes(type)) return `Start one: dynosim ps:scale ${type}=1`;
  const meant = nearest(type, known);
  if (meant) return `Did you mean ${meant}?`;
  if (known.length === 0) return 'Process types come from the Procfile.';
  return `The process ${known.length === 1 ? 'type is' : 'types are'} ${enumerate(known)}.`;
}

function newQuantity(before: number, change: Quantity, { type }: FormationChange): number {
  if ('to' in change) return checkQuantity(change.to, formatChange({ type, quantity: change }));
  const quantity = before + change.by;
  const argument = formatChange({ type, quantity: change });
  if (quantity >= 0) return checkQuantity(quantity, argument);
  throw new UserError(
    'TOO_FEW_DYNOS',
    `"${argument}" would leave fewer than 0 dynos: ${type} is at ${before}`,
    before === 0 ? 'There is none to stop.' : `To stop them all: ${type}=0`,
  );
}

function parseCount(digits: string, argument: string): number {
  return checkQuantity(Number(digits), argument);
}

function checkQuantity(quantity: number, argument: string): number {
  if (Number.isSafeInteger(quantity) && quantity >= 0 && quantity <= MAX_QUANTITY) return quantity;
  throw new UserError(
    'TOO_MANY_DYNOS',
    `"${argument}" asks for more than ${MAX_QUANTITY} dynos of one type`,
    `Give a number from 0 to ${MAX_QUANTITY}.`,
  );
}

/**
 * Refuses types that are not in the formation.
 * @param flag where they are named
 * @throws UserError `UNKNOWN_TYPE`
 */
export function requireTypes(formation: Formation, types: readonly string[], flag: string): void {
  for (const type of types) requireType(formation, type, `${flag} ${type}`);
}

function requireType(formation: Formation, type: string, argument: string): FormationEntry {
  const entry = formation.get(type);
  if (entry) return entry;
  const asked = argument === type ? '' : `"${argument}": `;
  if (type === RELEASE) {
    const hint = 'It runs when a release is made: --release-phase';
    throw new UserError('UNKNOWN_TYPE', `${asked}release is never scaled`, hint);
  }
  const known = [...formation.keys()];
  const message = known.length > 0 ? `only ${enumerate(known)}` : 'nor any other';
  const meant = nearest(type, known);
  throw new UserError(
    'UNKNOWN_TYPE',
    `${asked}there is no process type ${quote(type)}, ${message}`,
    meant ? `Did you mean ${meant}?` : 'Process types come from the Procfile.',
  );
}

function badFormation(argument: string): UserError {
  const message = `"${argument}" is not "type=number"`;
  if (/^[\w-]+=\d+:/.test(argument)) return new UserError('BAD_FORMATION', message, 'Sizes go into --size.');
  return new UserError('BAD_FORMATION', message, 'Write for example --formation web=2,worker=1 or all=1.');
}

function badScale(argument: string): UserError {
  const hint = 'Write for example web=2, web+1, worker-1 or web=2:standard-1x.';
  return new UserError('BAD_SCALE', `"${argument}" is not a number of dynos`, hint);
}
