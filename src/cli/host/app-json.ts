import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AppControl } from '../../apps/control.js';
import { errorMessage, UserError } from '../../base/errors.js';
import { either, flag, list, object, record, type ShapeOf, text } from '../../base/shape.js';

const VARIABLE = either(
  text,
  object({}, { value: text, generator: text, required: flag, description: text }),
);

/** https://devcenter.heroku.com/articles/app-json-schema */
const MANIFEST = object({}, { env: record(VARIABLE), buildpacks: list(object({ url: text })) });

/** How to set up an app. */
export interface Manifest {
  readonly env?: Readonly<Record<string, ShapeOf<typeof VARIABLE>>>;
  readonly buildpacks?: readonly string[];
}

/** @throws UserError `BAD_APP_JSON` */
export function readManifest(file: string): Manifest {
  try {
    const { buildpacks, ...manifest } = MANIFEST(JSON.parse(readFileSync(file, 'utf8')), file);
    return { ...manifest, ...(buildpacks && { buildpacks: buildpacks.map(({ url }) => url) }) };
  } catch (error) {
    throw new UserError('BAD_APP_JSON', `${file} cannot be used: ${errorMessage(error)}`);
  }
}

/** Sets a new app's config vars and buildpacks. Those without a value are for the user to set. */
export async function setUp(app: AppControl, { env = {}, buildpacks = [] }: Manifest): Promise<void> {
  if (buildpacks.length > 0) await app.setBuildpacks(buildpacks);
  const vars = Object.entries(env).flatMap(([name, variable]) => {
    const value = initialValue(variable);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (vars.length > 0) await app.setConfig(Object.fromEntries(vars));
}

function initialValue(variable: ShapeOf<typeof VARIABLE>): string | undefined {
  if (typeof variable === 'string') return variable;
  // As Heroku's: 64 hexadecimal digits.
  return variable.generator === 'secret' ? randomBytes(32).toString('hex') : variable.value;
}
