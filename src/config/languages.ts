/** The languages of an app, as its files show them. */

import { namesIn } from './folder.js';

/** By the files that Heroku's buildpacks know their apps by. https://devcenter.heroku.com/articles/buildpacks */
const SIGNS = {
  ruby: /^Gemfile$/,
  node: /^package\.json$/,
  clojure: /^project\.clj$/,
  python:
    /^(?:requirements\.txt|setup\.(?:py|cfg)|Pipfile(?:\.lock)?|p(?:oetry|dm)\.lock|uv\.lock|pyproject\.toml|(?:app|main|manage|server|__init__)\.py)$/,
  java: /^(?:pom\.(?:xml|atom|clj|groovy|rb|scala|yaml|yml)|build\.gradle(?:\.kts)?|settings\.gradle(?:\.kts)?|gradlew|build\.sbt)$/,
  php: /^(?:composer\.json|index\.php)$/,
  go: /^(?:go\.mod|Gopkg\.lock|glide\.yaml)$/,
} as const;

export type Language = keyof typeof SIGNS;

/** Every language that applies: a Python app may build its pages with Node. */
export function languagesOf(dir: string): ReadonlySet<Language> {
  const names = namesIn(dir);
  const all = Object.keys(SIGNS) as readonly Language[];
  return new Set(all.filter((language) => names.some((name) => SIGNS[language].test(name))));
}
