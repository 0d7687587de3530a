import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddonControl } from '../../addons/control.js';
import type { AppControl } from '../../apps/control.js';
import { COMMAND, type FirstDeploy } from '../../apps/requests.js';
import { errorMessage, inOneLine, UserError } from '../../base/errors.js';
import { count, either, flag, list, object, record, type ShapeOf, text } from '../../base/shape.js';
import { parseDynoSize } from '../../base/sizes.js';
import { parseQuantity } from '../../procfile/formation.js';

const VARIABLE = either(
  text,
  object({}, { value: text, generator: text, required: flag, description: text }),
);
type Variable = ShapeOf<typeof VARIABLE>;

/** https://devcenter.heroku.com/articles/app-json-schema */
const APP_JSON = object(
  {},
  {
    env: record(VARIABLE),
    buildpacks: list(object({ url: text })),
    formation: record(object({}, { quantity: count, size: text })),
    scripts: object({}, { postdeploy: text }),
    addons: list(either(text, object({ plan: text }, { as: text }))),
  },
);

interface Addon {
  /** `heroku-postgresql:mini` */
  readonly plan: string;
  /** The name of its attachment. */
  readonly as?: string;
}

/** How to set up an app. */
export interface Manifest {
  readonly env: Readonly<Record<string, Variable>>;
  readonly buildpacks: readonly string[];
  readonly firstDeploy: FirstDeploy;
  readonly addons: readonly Addon[];
}

export const EMPTY_MANIFEST: Manifest = { env: {}, buildpacks: [], firstDeploy: {}, addons: [] };

/** @throws UserError `BAD_APP_JSON` */
export function readManifest(file: string): Manifest {
  try {
    const appJson = APP_JSON(JSON.parse(readFileSync(file, 'utf8')), file);
    const { env = {}, buildpacks = [], formation, scripts: { postdeploy } = {}, addons = [] } = appJson;
    return {
      env,
      buildpacks: buildpacks.map(({ url }) => url),
      firstDeploy: {
        ...(formation && { formation: checkFormation(formation) }),
        ...(postdeploy !== undefined && { postdeploy: COMMAND(postdeploy, `${file}.scripts.postdeploy`) }),
      },
      addons: addons.map((addon) => (typeof addon === 'string' ? { plan: addon } : addon)),
    };
  } catch (error) {
    const hint = error instanceof UserError ? error.hint : undefined;
    throw new UserError('BAD_APP_JSON', `${file} cannot be used: ${errorMessage(error)}`, hint);
  }
}

/** @throws UserError `TOO_MANY_DYNOS`, `UNKNOWN_SIZE` */
function checkFormation(formation: NonNullable<ShapeOf<typeof APP_JSON>['formation']>) {
  const entries = Object.entries(formation).map(([type, { quantity, size }]) => {
    if (quantity !== undefined) parseQuantity(String(quantity), `${type}=${quantity}`);
    return [
      type,
      {
        ...(quantity !== undefined && { quantity }),
        ...(size !== undefined && { size: parseDynoSize(size) }),
      },
    ] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * Sets a new app's config vars and buildpacks, and creates its add-ons.
 * @returns what is left for the user to do, a sentence each
 */
export async function setUp(
  app: AppControl,
  control: AddonControl,
  manifest: Manifest,
): Promise<readonly string[]> {
  const { env, buildpacks, addons } = manifest;
  if (buildpacks.length > 0) await app.setBuildpacks(buildpacks);
  const vars = Object.entries(env).flatMap(([name, variable]) => {
    const value = initialValue(variable);
    return value === undefined ? [] : [[name, value] as const];
  });
  if (vars.length > 0) await app.setConfig(Object.fromEntries(vars));
  const missing = Object.entries(env)
    .filter(([, variable]) => lacksValue(variable))
    .map(([name]) => name);
  const left = missing.map((name) => askFor(name, app));
  for (const addon of addons) {
    const problem = await createAddon(addon, app, control);
    if (problem !== undefined) left.push(`app.json asks for the add-on ${addon.plan}: ${problem}`);
  }
  return left;
}

function askFor(name: string, app: AppControl): string {
  return `app.json requires ${name} and has no value for it. Set one: dynosim config:set -a ${app.name} ${name}=…`;
}

/**
 * Creates an add-on, and waits until it is there: the first build and the postdeploy script may need it.
 * @returns why it was not created
 */
async function createAddon(
  { plan, as }: Addon,
  { name: app }: AppControl,
  control: AddonControl,
): Promise<string | undefined> {
  try {
    const { id } = await control.create({ app, plan, ...(as !== undefined && { as }) });
    const { problem } = await control.settled(id);
    return problem;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return inOneLine(error.message, error.hint);
  }
}

/** Whether it is required, which is Heroku's default, and the user must give it a value. */
function lacksValue(variable: Variable): boolean {
  return typeof variable !== 'string' && variable.required !== false && initialValue(variable) === undefined;
}

function initialValue(variable: Variable): string | undefined {
  if (typeof variable === 'string') return variable;
  // As Heroku's: 64 hexadecimal digits.
  return variable.generator === 'secret' ? randomBytes(32).toString('hex') : variable.value;
}
