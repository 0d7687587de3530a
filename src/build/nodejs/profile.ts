/**
 * Run when a dyno starts, which tells it `dynosim_memory_mb`. Config vars count more than what it sets.
 * https://devcenter.heroku.com/articles/node-concurrency
 */
export const PROFILE = `# By dynosim, in the place of Heroku's buildpack for Node.js.
export PATH="$PATH:$HOME/bin:$HOME/node_modules/.bin"
export NODE_ENV="\${NODE_ENV:-production}"
export MEMORY_AVAILABLE="\${MEMORY_AVAILABLE-\${dynosim_memory_mb:-512}}"
export WEB_MEMORY="\${WEB_MEMORY-$((MEMORY_AVAILABLE > 16384 ? 2048 : 512))}"
if [ -z "$WEB_CONCURRENCY" ]; then
  WEB_CONCURRENCY=$((MEMORY_AVAILABLE / WEB_MEMORY))
  export WEB_CONCURRENCY=$((WEB_CONCURRENCY < 1 || WEB_CONCURRENCY > 200 ? 1 : WEB_CONCURRENCY))
  export WEB_CONCURRENCY_SET_BY=heroku/nodejs
fi
if [ "$LOG_CONCURRENCY" = true ]; then
  echo "Detected $MEMORY_AVAILABLE MB available memory, $WEB_MEMORY MB limit per process (WEB_MEMORY)"
  echo "Recommending WEB_CONCURRENCY=$WEB_CONCURRENCY"
fi
`;
