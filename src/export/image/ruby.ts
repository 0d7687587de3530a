/** Images of Ruby apps. https://devcenter.heroku.com/articles/ruby-support */

import { join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { readLock } from '../../build/ruby/facts.js';
import { textOf } from '../../config/folder.js';
import { packagesFor } from './debian.js';
import { chosenVars, EMPTY, type Recipe, type RecipeApp } from './recipe.js';

/** For apps that ask for none. */
const DEFAULT_RUBY = '3.4';

const ENV = {
  BUNDLE_PATH: '/app/vendor/bundle',
  BUNDLE_BIN: '/app/vendor/bundle/bin',
  BUNDLE_DEPLOYMENT: '1',
  RACK_ENV: 'production',
  RAILS_ENV: 'production',
} as const;

export function rubyRecipe(app: RecipeApp): Recipe {
  const { ruby = DEFAULT_RUBY } = readLock(app.dir);
  const files = namesIn(app.dir);
  const lock = textOf(join(app.dir, 'Gemfile.lock'));
  const env = {
    ...ENV,
    BUNDLE_WITHOUT: 'development:test',
    ...chosenVars(app, ['BUNDLE_WITHOUT', 'RACK_ENV', 'RAILS_ENV']),
  };
  const hasOthers =
    /^PATH$/m.test(lock) || /\b(?:gemspec|eval_gemfile|path:)/.test(textOf(join(app.dir, 'Gemfile')));
  return {
    ...EMPTY,
    language: 'ruby',
    base: `ruby:${ruby}-slim`,
    buildBase: `ruby:${ruby}`,
    settings: ['BUNDLE_MIRROR__ALL', 'BUNDLE_RUBYGEMS__PKG__GITHUB__COM', 'SSL_CERT_FILE'],
    buildEnv: env,
    manifests: hasOthers
      ? []
      : ['Gemfile', 'Gemfile.lock', '.ruby-version'].filter((file) => files.includes(file)),
    install: ['bundle install -j4', 'bundle clean'],
    build: files.some((name) => /^rakefile(?:\.rb)?$/i.test(name)) ? [PRECOMPILE] : [],
    env: { ...env, RAILS_SERVE_STATIC_FILES: 'enabled', RAILS_LOG_TO_STDOUT: 'enabled' },
    path: { before: ['/app/bin', '/app/vendor/bundle/bin'], behind: [] },
    packages: packagesFor(lock),
  };
}

/** The app may look at the two variables, and a build has neither. */
const PRECOMPILE =
  "if bundle exec rake -P | grep -q '^rake assets:precompile$'; then " +
  'DATABASE_URL=postgresql://user:pass@127.0.0.1/dbname SECRET_KEY_BASE=dummy RAILS_GROUPS=assets bundle exec rake assets:precompile; fi';
