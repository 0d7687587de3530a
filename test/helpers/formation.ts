import {
  applyFormation,
  defaultFormation,
  expandAll,
  type Formation,
  parseFormation,
  parseSizes,
} from '../../src/procfile/formation.js';

/** One dyno of each type, changed as by the flags `--formation` and `--size`; empty ones change nothing. */
export function formationFor(types: Iterable<string>, quantities = '', sizes = ''): Formation {
  const all = defaultFormation(types);
  const changes = [
    ...(quantities === '' ? [] : parseFormation(quantities)),
    ...(sizes === '' ? [] : parseSizes(sizes)),
  ];
  return applyFormation(all, expandAll(changes, [...all.keys()]));
}
