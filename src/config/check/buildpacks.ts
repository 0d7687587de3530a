import { join } from 'node:path';
import { buildpackName } from '../../base/buildpacks.js';
import { textOf } from '../folder.js';
import { buildpacksFor } from '../languages.js';

/**
 * The buildpacks that would build an app: those of its app.json, else the first of Heroku's, if they take it. `heroku
 * buildpacks:set` can choose others, which no file shows.
 * https://devcenter.heroku.com/articles/buildpacks#buildpack-detect-order
 */
export function likelyBuildpacks(dir: string): ReadonlySet<string> {
  const detected = buildpacksFor(dir);
  const named = buildpacksOfAppJson(dir);
  return new Set(named.length > 0 ? detected.filter((name) => named.includes(name)) : detected.slice(0, 1));
}

/** The names of the buildpacks in an app's app.json: `heroku/nodejs`; URLs of those without a name. */
export function buildpacksOfAppJson(dir: string): readonly string[] {
  const [, list = ''] = /"buildpacks"\s*:\s*\[([^\]]*)\]/.exec(textOf(join(dir, 'app.json'))) ?? [];
  return Array.from(list.matchAll(/"url"\s*:\s*"([^"]*)"/g), ([, url = '']) => buildpackName(url));
}
