/** Which buildpacks build an app. */

import { buildpackName, NO_LANGUAGE } from '../base/buildpacks.js';
import { UserError } from '../base/errors.js';
import { buildpacksFor, LANGUAGES } from '../config/languages.js';
import type { Buildpack } from './buildpack.js';
import { builtIn } from './built-in.js';
import { FolderBuildpack } from './classic.js';
import { BuildFailed, type Executor } from './executor.js';
import { details, heading, marked } from './lines.js';
import { NO_BUILD, NO_BUILD_AS_NAME } from './no-build.js';

/**
 * The buildpacks that the app's user has set, in order.
 * @throws UserError `NO_SUCH_BUILDPACK`
 */
export function setBuildpacks(settings: readonly string[], { print }: Executor): readonly Buildpack[] {
  if (settings.length === 1) print(heading(`Using buildpack: ${settings[0]}`));
  else
    print(
      heading('Using buildpacks:') + details(...settings.map((setting, index) => `${index + 1}. ${setting}`)),
    );
  return settings.map(findBuildpack);
}

/**
 * The first of Heroku's buildpacks that takes the app.
 * @throws BuildFailed if none does
 */
export function detectBuildpack(dir: string, { print }: Executor): readonly Buildpack[] {
  print(heading('Determining which buildpack to use for this app'));
  const [first, ...others] = buildpacksFor(dir);
  if (first === undefined) {
    print(NONE_DETECTED);
    throw new BuildFailed();
  }
  if (others.length > 0) print(severalDetected([first, ...others]));
  return [findBuildpack(first)];
}

const NONE_DETECTED = `${marked(`${NO_LANGUAGE}.`)}\
\t\t\tHINT: This occurs when Heroku cannot detect the buildpack to use for this application automatically.
\t\t\tSee https://devcenter.heroku.com/articles/buildpacks

`;

function severalDetected(buildpacks: readonly string[]): string {
  const names = LANGUAGES.filter(({ buildpack }) => buildpacks.includes(buildpack)).map(({ name }) => name);
  const warning =
    'Warning: Multiple default buildpacks reported the ability to handle this app. The first buildpack in the list below will be used.';
  return `${marked(warning)}\
\t\t\tDetected buildpacks: ${names.join(',')}
\t\t\tSee https://devcenter.heroku.com/articles/buildpacks#buildpack-detect-order
`;
}

/**
 * @param setting as users set it: `heroku/nodejs`, `none`, `file:///path/to/it`, or Heroku's URL of such a name
 * @throws UserError `NO_SUCH_BUILDPACK`
 */
export function findBuildpack(setting: string): Buildpack {
  if (setting.startsWith('file://')) return new FolderBuildpack(setting);
  const name = buildpackName(setting);
  if (name === NO_BUILD.name || name === NO_BUILD_AS_NAME) return NO_BUILD;
  const row = LANGUAGES.find(({ buildpack }) => buildpack === name);
  const found = row && builtIn(row.buildpack);
  if (found) return found;
  const meant = LANGUAGES.find(({ buildpack }) => buildpack === `heroku/${name}` && builtIn(buildpack));
  const hint = meant ? `Did you mean ${meant.buildpack}?` : 'Set one from a folder: file:///path/to/it';
  // With the remedy: Heroku's CLI shows no hints.
  throw new UserError('NO_SUCH_BUILDPACK', `dynosim cannot build with the buildpack ${name}. ${hint}`);
}
