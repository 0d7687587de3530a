/** The steps of a Ruby build, in the buildpack's order. */

import { join } from 'node:path';
import type { BuilderApp } from '../buildpack.js';
import { copyFolder } from '../copy-folder.js';
import { failure, missing } from '../failure.js';
import { details, heading } from '../lines.js';
import { decide, type Failure, fail, print, run, type Step } from '../step.js';
import type { RubyFacts } from './facts.js';
import { PROFILE } from './profile.js';

type Env = Readonly<Record<string, string>>;

export function planRuby(app: BuilderApp, env: Env, facts: RubyFacts): readonly Step[] {
  const { lock, versions, hasRakefile, hasAssets } = facts;
  if (lock === undefined) return [fail(failure('Error: Gemfile.lock required. Please check it in.'))];
  if (versions.ruby === undefined)
    return [fail(missing('Ruby', 'there is no ruby in PATH', 'apt-get install ruby'))];
  if (versions.bundler === undefined)
    return [fail(missing('bundler', 'there is no bundle in PATH', 'gem install bundler'))];
  const isOther = lock.ruby !== undefined && lock.ruby !== versions.ruby;
  const asked = isOther ? ` (${lock.ruby} was asked for)` : '';
  return [
    print(heading(`Using bundler ${versions.bundler} of this machine`)),
    print(heading(`Using Ruby version: ruby-${versions.ruby} of this machine${asked}`)),
    ...install(app, env, versions.bundler, versions.ruby),
    ...(hasRakefile ? [print(heading('Detecting rake tasks')), precompile(app, env, hasAssets)] : []),
    { does: 'write', file: '.profile.d/ruby.sh', text: PROFILE },
  ];
}

function install({ cacheDir }: BuilderApp, env: Env, bundler: string, ruby: string): readonly Step[] {
  const cache = join(cacheDir, 'ruby', ruby);
  const shown = `BUNDLE_WITHOUT='${env.BUNDLE_WITHOUT}' BUNDLE_PATH=vendor/bundle BUNDLE_BIN=vendor/bundle/bin BUNDLE_DEPLOYMENT=1`;
  const title = heading(`Installing dependencies using bundler ${bundler}`);
  return [
    copyFolder(cache, 'vendor/bundle'),
    run(['bundle', 'install', '-j4'], BUNDLE_FAILURES, {
      heading: title + details(`Running: ${shown} bundle install -j4`),
      done: 'Bundle completed',
    }),
    run(['bundle', 'clean'], [], { heading: details('Cleaning up the bundler cache.') }),
    copyFolder('vendor/bundle', cache),
  ];
}

/** https://devcenter.heroku.com/articles/rails-asset-pipeline */
function precompile(app: BuilderApp, env: Env, hasAssets: boolean): Step {
  return decide(async () => {
    if (hasAssets) return [print(details('Detected manifest file, assuming assets were compiled locally'))];
    const { status, stdout, stderr } = await app.ask(['bundle', 'exec', 'rake', '-P', '--trace'], env);
    if (status !== 0) return [print(details(NO_TASKS, ...(stdout + stderr).trim().split('\n')))];
    const has = (task: string): boolean => new RegExp(`\\s${task}\\s`).test(stdout);
    if (!has('assets:precompile')) return [];
    const assetsEnv = { ...DUMMIES, ...env, RAILS_GROUPS: 'assets' };
    const rake = (task: string, title: string, done?: string): Step =>
      run(['bundle', 'exec', 'rake', task], ASSET_FAILURES, {
        heading: title + details(`Running: rake ${task}`),
        env: assetsEnv,
        ...(done !== undefined && { done }),
      });
    return [
      rake(
        'assets:precompile',
        heading('Preparing app for Rails asset pipeline'),
        'Asset precompilation completed',
      ),
      ...(has('assets:clean') ? [rake('assets:clean', details('Cleaning assets'))] : []),
    ];
  });
}

/** The app may look at them, and a build has neither. */
const DUMMIES = { DATABASE_URL: 'postgresql://user:pass@127.0.0.1/dbname', SECRET_KEY_BASE: 'dummy' };

const NO_TASKS = `Could not detect rake tasks
       ensure you can run \`$ bundle exec rake -P\` against your app
       and using the production group of your Gemfile.`;

const BUNDLE_FAILURES: readonly Failure[] = [
  {
    ...failure('Failed to install gems via Bundler.'),
    says: /Your Ruby version is .*, but your Gemfile specified/,
    remedy: 'Install the Ruby that the Gemfile asks for, or ask for one that is here.',
  },
  {
    ...failure('Failed to install gems via Bundler.'),
    says: /Could not reach host|Network error|Errno::ECONNREFUSED|getaddrinfo|Could not fetch specs/,
    remedy: 'The gems could not be fetched. Without network, keep them in the app: bundle cache --all',
  },
  failure('Failed to install gems via Bundler.'),
];

const ASSET_FAILURES: readonly Failure[] = [failure('Precompiling assets failed.')];
