/**
 * What a filter lets one choose.
 * @param values of the things that are listed now
 * @param chosen stays among the options when nothing that is listed has it any longer
 * @param fixed labels by option, of those that are always there
 */
export function optionsOf(
  values: readonly string[],
  chosen: string,
  fixed: Readonly<Record<string, string>>,
): readonly (readonly [option: string, label: string])[] {
  const isListed = values.includes(chosen) || Object.hasOwn(fixed, chosen);
  const all = isListed ? values : [...values, chosen];
  return [...Object.entries(fixed), ...all.map((value) => [value, value] as const)];
}
