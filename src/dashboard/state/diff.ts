import type { ConfigVars } from '../../apps/views.js';

/** What a release changes in a config var. */
export interface VarChange {
  readonly name: string;
  readonly kind: 'added' | 'changed' | 'removed';
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between the config vars of two releases, by name. */
export function diffConfig(before: ConfigVars, after: ConfigVars): readonly VarChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before[name]?.value, after[name]?.value];
    if (old === now) return [];
    const kind = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    return [{ name, kind, before: old, after: now }];
  });
}
