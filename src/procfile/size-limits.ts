import { DYNO_SIZES, type DynoSizeName } from '../base/sizes.js';
import type { Formation } from './formation.js';

/** Sizes that an app may not mix with others. https://devcenter.heroku.com/articles/dyno-types */
const ALONE: readonly DynoSizeName[] = ['Eco', 'Basic'];

/** Dynos of one app, of any size. https://devcenter.heroku.com/articles/dyno-scaling-and-process-limits */
const MAX_PER_APP = 100;

/**
 * The reasons why Heroku would refuse a formation, a sentence each.
 * https://devcenter.heroku.com/articles/dyno-scaling-and-process-limits
 */
export function findSizeProblems(formation: Formation): readonly string[] {
  const running = [...formation].filter(([, { quantity }]) => quantity > 0);
  const sizes = [...new Set(running.map(([, { size }]) => size))];
  return [
    ...perTypeProblems(running),
    ...sizes.flatMap((size) => perAppProblem(size, running)),
    ...mixingProblem(sizes),
    ...(totalOf(running) > MAX_PER_APP ? [`Cannot run more than ${MAX_PER_APP} dynos in one app.`] : []),
  ];
}

type Entries = readonly (readonly [string, { readonly quantity: number; readonly size: DynoSizeName }])[];

function totalOf(entries: Entries): number {
  return entries.reduce((sum, [, { quantity }]) => sum + quantity, 0);
}

/** Heroku's wording, as seen for Free dynos. */
function perTypeProblems(entries: Entries): readonly string[] {
  const exceeded = entries.filter(([, { quantity, size }]) => quantity > DYNO_SIZES[size].perType);
  const sizes = new Set(exceeded.map(([, { size }]) => size));
  return [...sizes].map(
    (size) => `Cannot update to more than ${DYNO_SIZES[size].perType} ${size} size dynos per process type.`,
  );
}

function perAppProblem(size: DynoSizeName, entries: Entries): readonly string[] {
  const { perApp } = DYNO_SIZES[size];
  const count = totalOf(entries.filter(([, entry]) => entry.size === size));
  return count > perApp && perApp < MAX_PER_APP
    ? [`Cannot run more than ${perApp} ${size} size dynos at the same time.`]
    : [];
}

function mixingProblem(sizes: readonly DynoSizeName[]): readonly string[] {
  const alone = sizes.find((size) => ALONE.includes(size));
  if (alone === undefined || sizes.length === 1) return [];
  return [`Cannot mix ${sizes.join(' and ')} dynos in one app: all or none must be ${alone}.`];
}
