import { join } from 'node:path';
import { textOf } from '../folder.js';
import { buildpacksFor } from '../languages.js';

/**
 * The buildpacks that would build an app: those of its app.json, else the first of Heroku's that takes it. `heroku
 * buildpacks:set` can choose others, which no file shows.
 * https://devcenter.heroku.com/articles/buildpacks#buildpack-detect-order
 */
export function likelyBuildpacks(dir: string): ReadonlySet<string> {
  const named = buildpacksOfAppJson(textOf(join(dir, 'app.json')));
  return new Set(named.length > 0 ? named : buildpacksFor(dir).slice(0, 1));
}

/** The names of Heroku's own among them: `https://github.com/heroku/heroku-buildpack-nodejs` → `heroku/nodejs`. */
function buildpacksOfAppJson(text: string): readonly string[] {
  const [, list = ''] = /"buildpacks"\s*:\s*\[([^\]]*)\]/.exec(text) ?? [];
  return Array.from(list.matchAll(/"url"\s*:\s*"([^"]*)"/g), ([, url = '']) =>
    url.replace(
      /^(?:https:\/\/github\.com\/|urn:buildpack:)?heroku\/(?:heroku-buildpack-)?([\w-]+).*$/,
      'heroku/$1',
    ),
  );
}
