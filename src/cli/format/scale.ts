import type { FormationView } from '../../apps/views.js';
import type { FormationChange } from '../../procfile/formation.js';

/** `now running web at 2:Eco`: only the types that were named, as Heroku's CLI says it. */
export function describeScale(changes: readonly FormationChange[]) {
  return (formation: readonly FormationView[]): string => {
    const named = formation.filter((entry) => changes.some(({ type }) => type === entry.type));
    return `now running ${named.map(({ type, quantity, size }) => `${type} at ${quantity}:${size}`).join(', ')}`;
  };
}
