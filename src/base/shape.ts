import { UserError } from './errors.js';

/**
 * Checks a value from outside, such as JSON, and returns it with its type.
 * @param where its name in errors: `request.changes[0].type`
 * @throws UserError `BAD_REQUEST`
 */
export type Shape<T> = (value: unknown, where: string) => T;

/** The type that a shape checks. */
export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

export const text: Shape<string> = (value, where) => {
  if (typeof value === 'string') return value;
  throw wrong(where, 'a string');
};

/**
 * A string that matches.
 * @param what the name of such strings in an error
 */
export function matching(pattern: RegExp, what: string): Shape<string> {
  return (value, where) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw wrong(where, what);
  };
}

export const number: Shape<number> = (value, where) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrong(where, 'a number');
};

/** A whole number, 0 or more. */
export const count: Shape<number> = (value, where) => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrong(where, 'a whole number, 0 or more');
};

export const flag: Shape<boolean> = (value, where) => {
  if (typeof value === 'boolean') return value;
  throw wrong(where, 'true or false');
};

export function oneOf<const T extends string>(...values: readonly T[]): Shape<T> {
  return (value, where) => {
    const found = values.find((one) => one === value);
    if (found !== undefined) return found;
    throw wrong(where, values.join(', '));
  };
}

/** A value with one of two shapes: the first one that matches. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return (value, where) => {
    try {
      return first(value, where);
    } catch {
      return second(value, where);
    }
  };
}

export function nullable<T>(shape: Shape<T>): Shape<T | null> {
  return (value, where) => (value === null ? null : shape(value, where));
}

export function list<T>(shape: Shape<T>): Shape<readonly T[]> {
  return (value, where) => {
    if (Array.isArray(value)) return value.map((one, index) => shape(one, `${where}[${index}]`));
    throw wrong(where, 'a list');
  };
}

/** An object with arbitrary keys. */
export function record<T>(shape: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return (value, where) =>
    Object.fromEntries(entriesOf(value, where).map(([key, one]) => [key, shape(one, `${where}.${key}`)]));
}

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type ObjectOf<Needed extends Shapes, Optional extends Shapes> = {
  readonly [key in keyof Needed]: ShapeOf<Needed[key]>;
} & { readonly [key in keyof Optional]?: ShapeOf<Optional[key]> };

/** An object with these keys. The result omits other keys. */
export function object<Needed extends Shapes, Optional extends Shapes = Record<never, never>>(
  needed: Needed,
  optional?: Optional,
): Shape<ObjectOf<Needed, Optional>>;
export function object(needed: Shapes, optional: Shapes = {}): Shape<unknown> {
  return (value, where) => {
    const given = new Map(entriesOf(value, where));
    const read = (shapes: Shapes, keys: readonly string[]): readonly (readonly [string, unknown])[] =>
      keys.map((key) => [key, shapes[key]?.(given.get(key), `${where}.${key}`)]);
    const there = Object.keys(optional).filter((key) => given.get(key) !== undefined);
    return Object.fromEntries([...read(needed, Object.keys(needed)), ...read(optional, there)]);
  };
}

function entriesOf(value: unknown, where: string): readonly (readonly [key: string, value: unknown])[] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw wrong(where, 'an object');
}

function wrong(where: string, what: string): UserError {
  return new UserError('BAD_REQUEST', `${where} must be ${what}`);
}
