/** Run when a dyno starts. Config vars count more than what it sets. */
export const PROFILE = `# By dynosim, in the place of Heroku's buildpack for Ruby.
export PATH="$HOME/bin:$HOME/vendor/bundle/bin:$PATH"
export BUNDLE_PATH="\${BUNDLE_PATH-vendor/bundle}"
export BUNDLE_WITHOUT="\${BUNDLE_WITHOUT-development:test}"
export BUNDLE_BIN="\${BUNDLE_BIN-vendor/bundle/bin}"
export BUNDLE_DEPLOYMENT="\${BUNDLE_DEPLOYMENT-1}"
export LANG="\${LANG:-en_US.UTF-8}"
export RACK_ENV="\${RACK_ENV-production}"
export RAILS_ENV="\${RAILS_ENV-production}"
export RAILS_SERVE_STATIC_FILES="\${RAILS_SERVE_STATIC_FILES-enabled}"
export RAILS_LOG_TO_STDOUT="\${RAILS_LOG_TO_STDOUT-enabled}"
export MALLOC_ARENA_MAX="\${MALLOC_ARENA_MAX-2}"
export PUMA_PERSISTENT_TIMEOUT="\${PUMA_PERSISTENT_TIMEOUT-95}"
export DISABLE_SPRING=1
`;
