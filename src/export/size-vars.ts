/** What Heroku's buildpacks set, by an app's language and the size of its dynos. */

import { languageVars } from '../config/language-env.js';
import type { ExportedApp, ExportedProcess } from './app.js';
import { isWeb } from './roles.js';

type Vars = Readonly<Record<string, string>>;

/** For the image: as for the app's web dynos, or its first ones. */
export function imageVars(app: ExportedApp): Vars {
  const [first] = app.processes;
  const process = app.processes.find(isWeb) ?? first;
  return process === undefined ? {} : varsOf(app, process);
}

/** For dynos of another size than the image is meant for; without those that are config vars. */
export function sizeVars(app: ExportedApp, process: Pick<ExportedProcess, 'size'>): Vars {
  const common = imageVars(app);
  const own = Object.entries(varsOf(app, process));
  return Object.fromEntries(
    own.filter(([name, value]) => common[name] !== value && !app.configVars.has(name)),
  );
}

function varsOf({ source }: ExportedApp, { size }: Pick<ExportedProcess, 'size'>): Vars {
  if (source.from !== 'recipe') return {};
  return Object.fromEntries(languageVars(new Set([source.recipe.language]), size, 'full'));
}
