/** Guesses the Procfile of an app from its files, without running anything. */

import { buildpacksFor, LANGUAGES, type Language, languagesOf } from '../languages.js';
import { proposeFromDockerfile } from './dockerfile.js';
import { proposeGo } from './go.js';
import { proposeJava } from './java.js';
import { proposeNode, proposeNodeWithoutPackage } from './node.js';
import { proposePhp } from './php.js';
import { type AppFolder, openFolder, type Proposal } from './proposal.js';
import { proposePython } from './python/python.js';
import { proposeRuby } from './ruby.js';

type Proposer = (app: AppFolder) => Proposal | undefined;

/** Languages without a row have no usual way to start an app. */
const PROPOSERS: Readonly<Partial<Record<Language, Proposer>>> = {
  ruby: proposeRuby,
  node: proposeNode,
  python: proposePython,
  java: proposeJava,
  php: proposePhp,
  go: proposeGo,
};

/**
 * Proposes the process types of an app.
 * @param dir the app's folder
 * @returns undefined if its files do not tell
 * @throws UserError `PACKAGE_JSON_…`
 */
export function proposeFor(dir: string): Proposal | undefined {
  const app = openFolder(dir);
  for (const language of likeliestFirst(dir, app)) {
    const proposal = PROPOSERS[language]?.(app);
    if (proposal) return withBuildpack(proposal, dir, language);
  }
  return proposeNodeWithoutPackage(app) ?? proposeFromDockerfile(app);
}

/** In Heroku's order. Django comes before Node, because the package.json of such an app is for its pages. */
function likeliestFirst(dir: string, app: AppFolder): readonly Language[] {
  const languages = [...languagesOf(dir)];
  const isDjango = app.has('manage.py') && languages.includes('python');
  return isDjango ? ['python', ...languages.filter((language) => language !== 'python')] : languages;
}

/** Heroku detects one language only: the first. */
function withBuildpack(proposal: Proposal, dir: string, language: Language): Proposal {
  const [detected] = buildpacksFor(dir);
  const ours = LANGUAGES.find((row) => row.language === language)?.buildpack;
  const isOurs = LANGUAGES.some((row) => row.buildpack === detected && row.language === language);
  if (isOurs || detected === undefined || ours === undefined) return proposal;
  const remark = `Heroku would build this app with ${detected}, and with nothing else. Set the buildpack: heroku buildpacks:set ${ours}`;
  return { ...proposal, remarks: [...proposal.remarks, remark] };
}
