/** The languages of an app, as its files show them. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../base/read.js';

/** One of Heroku's buildpacks. */
interface LanguageRow {
  /** Several buildpacks may share one. */
  readonly language: string;
  readonly buildpack: `heroku/${string}`;
  /** What its build calls such an app: `Node.js app detected`. */
  readonly name: string;
  /** The file to add to an app that it does not take. */
  readonly file: string;
  /** The command that makes the file, where one line can. */
  readonly maker?: string;
  /** The files in the app's folder that it knows its apps by. */
  readonly files: RegExp;
  /** Names that make it take the app, and that tools of other languages use as well. */
  readonly otherNames?: RegExp;
  /** The same, below its folder. */
  readonly otherFiles?: readonly string[];
}

/** In the order in which Heroku tries them. https://devcenter.heroku.com/articles/buildpacks#buildpack-detect-order */
export const LANGUAGES = [
  {
    language: 'ruby',
    buildpack: 'heroku/ruby',
    name: 'Ruby',
    file: 'Gemfile',
    maker: 'bundle init && bundle lock',
    files: /^Gemfile$/,
  },
  {
    language: 'node',
    buildpack: 'heroku/nodejs',
    name: 'Node.js',
    file: 'package.json',
    maker: "echo '{}' > package.json",
    files: /^package\.json$/,
  },
  {
    language: 'clojure',
    buildpack: 'heroku/clojure',
    name: 'Clojure',
    file: 'project.clj',
    files: /^project\.clj$/,
  },
  {
    language: 'python',
    buildpack: 'heroku/python',
    name: 'Python',
    file: 'requirements.txt',
    maker: 'touch requirements.txt',
    files:
      /^(?:requirements\.txt|setup\.(?:py|cfg)|Pipfile(?:\.lock)?|p(?:oetry|dm)\.lock|uv\.lock|pyproject\.toml|(?:app|main|manage|server|__init__)\.py)$/,
    otherNames:
      /^(?:\.python-version|runtime\.txt|__pycache__|\.?venv|requ(?:eriments|irments|irement)\.txt|requirements(?:\.text|\.txt\.txt)?|Requirements\.txt)$/,
  },
  {
    language: 'java',
    buildpack: 'heroku/java',
    name: 'Java',
    file: 'pom.xml',
    files: /^pom\.(?:xml|atom|clj|groovy|rb|scala|yaml|yml)$/,
  },
  {
    language: 'java',
    buildpack: 'heroku/gradle',
    name: 'Gradle',
    file: 'build.gradle',
    maker: 'gradle init',
    files: /^(?:build\.gradle(?:\.kts)?|settings\.gradle(?:\.kts)?|gradlew)$/,
  },
  { language: 'java', buildpack: 'heroku/scala', name: 'Scala', file: 'build.sbt', files: /^build\.sbt$/ },
  {
    language: 'php',
    buildpack: 'heroku/php',
    name: 'PHP',
    file: 'composer.json',
    maker: "echo '{}' > composer.json",
    files: /^(?:composer\.json|index\.php)$/,
  },
  {
    language: 'go',
    buildpack: 'heroku/go',
    name: 'Go',
    file: 'go.mod',
    maker: 'go mod init app',
    files: /^(?:go\.mod|Gopkg\.lock|glide\.yaml)$/,
    // It takes them to say that it no longer builds them.
    otherFiles: ['Godeps/Godeps.json', 'vendor/vendor.json'],
  },
] as const satisfies readonly LanguageRow[];

/**
 * The files that list an app's Python packages, by the names of the package managers. Heroku wants exactly one of them.
 * https://devcenter.heroku.com/articles/python-support#supported-package-managers
 */
export const PYTHON_LISTS = {
  Pipenv: 'Pipfile.lock',
  pip: 'requirements.txt',
  Poetry: 'poetry.lock',
  uv: 'uv.lock',
} as const;

/** The oldest that Heroku still has. https://devcenter.heroku.com/articles/python-support#supported-python-versions */
export const OLDEST_PYTHON = '3.10';

/** The oldest that was still maintained when dynosim was made. https://github.com/nodejs/release#release-schedule */
export const OLDEST_NODE = '20.0.0';

export type Language = (typeof LANGUAGES)[number]['language'];
export type HerokuBuildpack = (typeof LANGUAGES)[number]['buildpack'];

/** Every language that applies: a Python app may build its pages with Node. */
export function languagesOf(dir: string): ReadonlySet<Language> {
  const names = namesIn(dir);
  return new Set(LANGUAGES.filter(({ files }) => names.some(isIn(files))).map(({ language }) => language));
}

/** The buildpacks of Heroku's that would take the app, in the order in which Heroku tries them. */
export function buildpacksFor(dir: string): readonly HerokuBuildpack[] {
  const names = namesIn(dir);
  const rows: readonly (LanguageRow & { buildpack: HerokuBuildpack })[] = LANGUAGES;
  return rows
    .filter(
      ({ files, otherNames, otherFiles = [] }) =>
        names.some((name) => files.test(name) || otherNames?.test(name)) ||
        otherFiles.some((file) => existsSync(join(dir, file))),
    )
    .map(({ buildpack }) => buildpack);
}

function isIn(files: RegExp): (name: string) => boolean {
  return (name) => files.test(name);
}
