import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { isAtLeast } from '../../base/versions.js';
import type { Builder, BuilderApp, BuildpackRelease } from '../buildpack.js';
import { type GemfileLock, readLock, readRubyFacts } from './facts.js';
import { planRuby } from './plan.js';

/** heroku/ruby. https://devcenter.heroku.com/articles/ruby-support */
export const ruby: Builder = {
  async plan(app) {
    const env = buildEnv(app);
    return { env, steps: planRuby(app, env, await readRubyFacts(app)) };
  },
  exports: ({ dir, env }) => ({ PATH: `${join(dir, 'vendor/bundle/bin')}:${env.PATH}` }),
  async release(dir) {
    const lock = readLock(dir);
    return { processTypes: processTypes(lock), configVars: configVars(lock) };
  },
};

function buildEnv({ env }: BuilderApp): Record<string, string> {
  return {
    BUNDLE_WITHOUT: 'development:test',
    RAILS_ENV: 'production',
    RACK_ENV: 'production',
    ...env,
    BUNDLE_PATH: 'vendor/bundle',
    BUNDLE_BIN: 'vendor/bundle/bin',
    BUNDLE_DEPLOYMENT: '1',
    BUNDLE_DISABLE_VERSION_CHECK: 'true',
    // Without network each further one costs seconds.
    BUNDLE_RETRY: env.BUNDLE_RETRY ?? '1',
  };
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
const PORT = '${PORT:-5000}';

/** https://devcenter.heroku.com/articles/ruby-support#default-process-types */
function processTypes({ gems }: GemfileLock): BuildpackRelease['processTypes'] {
  const rails = gems.get('railties');
  const plain = { rake: 'bundle exec rake', console: 'bundle exec irb' };
  if (rails !== undefined && isAtLeast(rails, '4'))
    return { ...plain, web: `bin/rails server -p ${PORT} -e $RAILS_ENV`, console: 'bin/rails console' };
  if (rails !== undefined)
    return { ...plain, web: `bundle exec rails server -p ${PORT}`, console: 'bundle exec rails console' };
  if (gems.has('thin'))
    return { ...plain, web: `bundle exec thin start -R config.ru -e $RACK_ENV -p ${PORT}` };
  return gems.has('rack') ? { ...plain, web: `bundle exec rackup config.ru -p ${PORT}` } : plain;
}

function configVars({ gems }: GemfileLock): BuildpackRelease['configVars'] {
  return {
    LANG: 'en_US.UTF-8',
    ...(gems.has('rack') && { RACK_ENV: 'production' }),
    ...(gems.has('railties') && {
      RAILS_ENV: 'production',
      RAILS_SERVE_STATIC_FILES: 'enabled',
      RAILS_LOG_TO_STDOUT: 'enabled',
      SECRET_KEY_BASE: randomBytes(64).toString('hex'),
    }),
  };
}
