/** Finds config vars that app.json requires, but that are not set. */

import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { either, flag, list, object, record, type ShapeOf, text } from '../../base/shape.js';
import { quote } from '../../base/wording.js';
import { lineAt, type Problem, ProblemList } from '../../procfile/problem.js';
import { textOf } from '../folder.js';

/** https://devcenter.heroku.com/articles/app-json-schema */
const APP_JSON = object(
  {},
  {
    env: record(either(text, object({}, { required: flag, value: text }))),
    addons: list(either(text, object({ plan: text }, { as: text }))),
  },
);
type AppJson = ShapeOf<typeof APP_JSON>;

/** The config var that each of the most common add-ons sets. */
const ADDONS: Readonly<Record<string, string>> = {
  'heroku-postgresql': 'DATABASE_URL',
  'heroku-redis': 'REDIS_URL',
  'heroku-kafka': 'KAFKA_URL',
  rediscloud: 'REDISCLOUD_URL',
  jawsdb: 'JAWSDB_URL',
  'jawsdb-maria': 'JAWSDB_MARIA_URL',
  cleardb: 'CLEARDB_DATABASE_URL',
  cloudamqp: 'CLOUDAMQP_URL',
  memcachier: 'MEMCACHIER_SERVERS',
  bonsai: 'BONSAI_URL',
};

const FILE = 'app.json';

/** @param isSet whether a dyno has an environment variable */
export function checkAppJson(dir: string, isSet: (key: string) => boolean): readonly Problem[] {
  const source = textOf(join(dir, FILE));
  const appJson = source === '' ? undefined : read(source);
  if (appJson === undefined) return [];
  const problems = new ProblemList(FILE);
  const lineOf = (word: string): number => lineAt(source, source.indexOf(`"${word}`));
  for (const key of requiredVars(appJson).filter((name) => !isSet(name))) {
    const hint = `Set it: dynosim config:set ${key}=…`;
    problems.warn(lineOf(key), 0, `The config var ${quote(key)} is required and not set.`, hint);
  }
  for (const { name, key } of addons(appJson).filter((addon) => !isSet(addon.key))) {
    const message = `The add-on ${quote(name)} would set ${quote(key)}, which is not set here.`;
    problems.warn(lineOf(name), 0, message, `Run that service yourself, and set ${key} in an env file.`);
  }
  return problems.list();
}

/** Other tools use files of this name, so one that does not match Heroku's schema is ignored. */
function read(source: string): AppJson | undefined {
  try {
    return APP_JSON(JSON.parse(source.replace(/^\uFEFF/, '')), FILE);
  } catch (error) {
    if (error instanceof UserError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The variables that app.json requires, without those for which it has a value. */
function requiredVars({ env = {} }: AppJson): readonly string[] {
  return Object.entries(env).flatMap(([key, spec]) => {
    const isRequired = typeof spec !== 'string' && spec.required !== false && spec.value === undefined;
    return isRequired ? [key] : [];
  });
}

function addons({ addons: all = [] }: AppJson): readonly { readonly name: string; readonly key: string }[] {
  return all.flatMap((addon) => {
    const { plan, as = undefined } = typeof addon === 'string' ? { plan: addon } : addon;
    const name = plan.replace(/:.*/, '');
    const key = as === undefined ? ADDONS[name] : `${as}_URL`;
    return key === undefined ? [] : [{ name, key }];
  });
}
