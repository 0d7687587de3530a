/** The only file that imports yaml, and only when it is called. */

import { errorMessage, UserError } from '../base/errors.js';

/**
 * Reads a YAML document that is a map.
 * @param source what messages call it
 * @returns an empty map for anything else
 * @throws UserError `NOT_YAML`
 */
export async function parseYaml(text: string, source: string): Promise<Readonly<Record<string, unknown>>> {
  const { parse } = await import('yaml');
  try {
    return recordOf(parse(text, { logLevel: 'error' }));
  } catch (error) {
    const [why] = errorMessage(error).split('\n');
    throw new UserError('NOT_YAML', `${source} is not YAML: ${why}`);
  }
}

/** An empty map where something else stands. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
