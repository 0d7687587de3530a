/** Which buildpacks build an app. */

import { UserError } from '../base/errors.js';
import { buildpacksFor, LANGUAGES } from '../config/languages.js';
import type { Buildpack } from './buildpack.js';
import { builtIn } from './built-in.js';
import { FolderBuildpack } from './classic.js';
import { BuildFailed, type Executor } from './executor.js';
import { details, heading, marked } from './lines.js';
import { NO_BUILD } from './no-build.js';

/** The forms in which Heroku's own buildpacks are set, without `heroku/`. */
const HEROKU_FORMS = [
  /^(?:urn:buildpack:)?heroku\/([a-z]+)$/,
  /^https:\/\/buildpack-registry\.s3\.amazonaws\.com\/buildpacks\/heroku\/([a-z]+)\.tgz$/,
  /^https:\/\/github\.com\/heroku\/heroku-buildpack-([a-z]+)(?:\.git)?(?:#.*)?$/,
];

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

const NONE_DETECTED = `${marked('No default language could be detected for this app.')}\
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

/** @throws UserError `NO_SUCH_BUILDPACK` */
function findBuildpack(setting: string): Buildpack {
  if (setting === NO_BUILD.name) return NO_BUILD;
  if (setting.startsWith('file://')) return new FolderBuildpack(setting);
  const names = HEROKU_FORMS.map((form) => form.exec(setting)?.[1]).filter((name) => name !== undefined);
  const row = LANGUAGES.find(({ buildpack }) => names.includes(buildpack.replace('heroku/', '')));
  const found = row && builtIn(row.buildpack);
  if (found) return found;
  throw new UserError(
    'NO_SUCH_BUILDPACK',
    `dynosim cannot build with the buildpack ${setting}`,
    'Set one that is in a folder of this machine: heroku buildpacks:set file:///path/to/it',
  );
}
