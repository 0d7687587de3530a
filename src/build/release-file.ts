import type { BuildpackRelease } from './buildpack.js';
import { parseYaml, recordOf } from './yaml.js';

/**
 * Reads what `bin/release` of a classic buildpack prints: `default_process_types` and `config_vars`. dynosim has no use
 * for the rest. https://devcenter.heroku.com/articles/buildpack-api#bin-release
 * @throws UserError `NOT_YAML`
 */
export async function parseRelease(text: string): Promise<BuildpackRelease> {
  const { default_process_types: types, config_vars: vars } = await parseYaml(
    text,
    'What bin/release prints',
  );
  return { processTypes: textsOf(types), configVars: textsOf(vars) };
}

/** Numbers and booleans as texts: `PORT: 80`. */
function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(recordOf(value)).filter(([, one]) => typeof one !== 'object');
  return Object.fromEntries(entries.map(([name, one]) => [name, String(one)]));
}
