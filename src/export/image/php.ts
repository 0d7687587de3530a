/** Images of PHP apps. https://devcenter.heroku.com/articles/php-support */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shellWords } from '../../base/shell-word.js';
import { isInRange } from '../../config/check/ranges.js';
import { textOf } from '../../config/folder.js';
import { isRecord } from '../../config/package-json.js';
import { EMPTY, type Recipe, type RecipeApp } from './recipe.js';

/** As Heroku prefers them. */
const VERSIONS = ['8.4', '8.5', '8.3', '8.2', '8.1'];

/** The extensions that an image of PHP can compile by itself, and the Debian packages that some need. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  bcmath: '',
  calendar: '',
  exif: '',
  gd: 'libpng-dev libjpeg-dev',
  gettext: '',
  gmp: 'libgmp-dev',
  intl: 'libicu-dev',
  mysqli: '',
  pcntl: '',
  pdo_mysql: '',
  pdo_pgsql: 'libpq-dev',
  pgsql: 'libpq-dev',
  soap: 'libxml2-dev',
  sockets: '',
  xsl: 'libxslt1-dev',
  zip: 'libzip-dev',
};

export async function phpRecipe(app: RecipeApp): Promise<Recipe> {
  const { require = {}, scripts = {} } = sectionsOf(textOf(join(app.dir, 'composer.json')));
  const version = await phpVersion(require.php);
  const hasComposer = existsSync(join(app.dir, 'composer.json'));
  const base = `php:${version}-apache`;
  return {
    ...EMPTY,
    language: 'php',
    base,
    buildBase: base,
    settings: ['COMPOSER_AUTH', 'COMPOSER_ROOT_VERSION'],
    setup: [APACHE, ...extensionCommands(Object.keys(require))],
    buildEnv: { COMPOSER_ALLOW_SUPERUSER: '1', ...(hasComposer && { COMPOSER_HOME: '/tmp/composer' }) },
    install: hasComposer ? [GET_COMPOSER] : [],
    build: [
      ...(hasComposer ? [INSTALL] : []),
      ...(scripts.compile === undefined ? [] : ['composer run-script --no-dev --no-interaction compile']),
      SHIMS,
    ],
    path: { before: ['/app/vendor/bin'], behind: EMPTY.path.behind },
  };
}

const INSTALL =
  'composer install --no-dev --prefer-dist --optimize-autoloader --no-progress --no-interaction';

const GET_COMPOSER =
  'command -v composer >/dev/null || { apt-get update && apt-get install -y --no-install-recommends git unzip && ' +
  'curl -fsSL https://getcomposer.org/download/latest-stable/composer.phar -o /usr/local/bin/composer && ' +
  'chmod +x /usr/local/bin/composer; }';

/** Apache reads the port and the folder from the environment. https://hub.docker.com/_/php */
const APACHE =
  'if command -v a2enmod; then a2enmod rewrite && cd /etc/apache2 && ' +
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is Apache's
  "sed -i 's!/var/www/html!${APACHE_DOCUMENT_ROOT}!; s!/var/www/!${APACHE_DOCUMENT_ROOT}!; s!\\b80\\b!${PORT}!' " +
  'apache2.conf ports.conf sites-available/000-default.conf conf-available/docker-php.conf; fi';

/** In the place of Heroku's programs of these names: takes their options, of which only the folder has a meaning here. */
const SHIM = [
  '#!/bin/bash',
  'while getopts "C:c:F:f:i:l:p:tvh" option; do :; done',
  'shift $((OPTIND - 1))',
  'export APACHE_DOCUMENT_ROOT="/app/$1"',
  'if command -v apache2-foreground >/dev/null; then exec apache2-foreground; fi',
  'exec php -S "0.0.0.0:$PORT" -t "$APACHE_DOCUMENT_ROOT"',
];

const SERVERS = 'vendor/bin/heroku-php-apache2 vendor/bin/heroku-php-nginx';

const SHIMS = `mkdir -p vendor/bin && ${shellWords(['printf', '%s\\n', ...SHIM])} | tee ${SERVERS} >/dev/null && chmod +x ${SERVERS}`;

function extensionCommands(required: readonly string[]): readonly string[] {
  const wanted = required.flatMap((name) => /^ext-(.+)$/.exec(name)?.[1] ?? []);
  const known = wanted.filter((name) => Object.hasOwn(EXTENSIONS, name)).sort();
  if (known.length === 0) return [];
  const packages = [...new Set(known.flatMap((name) => EXTENSIONS[name]?.split(' ').filter(Boolean) ?? []))];
  const install =
    packages.length === 0
      ? ''
      : `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')} && `;
  return [`${install}docker-php-ext-install -j"$(nproc)" ${known.join(' ')}`];
}

/** Composer's `~8.2` allows 8.3, unlike npm's. */
async function phpVersion(range: string | undefined): Promise<string> {
  const [newest = ''] = VERSIONS;
  if (range === undefined) return newest;
  const npms = range
    .replace(/~\s*(\d+\.\d+)(?![.\d])/g, '^$1')
    .replace(/\s*\|\|?\s*/g, ' || ')
    .replace(/,/g, ' ');
  for (const version of VERSIONS) if (await isInRange(`${version}.999`, npms)) return version;
  return newest;
}

function sectionsOf(json: string): Readonly<Record<'require' | 'scripts', Readonly<Record<string, string>>>> {
  const texts = (value: unknown): Record<string, string> =>
    isRecord(value)
      ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)]))
      : {};
  try {
    const parsed: unknown = JSON.parse(json);
    return isRecord(parsed)
      ? { require: texts(parsed.require), scripts: texts(parsed.scripts) }
      : { require: {}, scripts: {} };
  } catch {
    return { require: {}, scripts: {} };
  }
}
