/**
 * Run when a dyno starts, which tells it `dynosim_memory_mb` and `dynosim_cpus`. Config vars count more than what it
 * sets. https://devcenter.heroku.com/articles/python-concurrency
 */
export const PROFILE = `# By dynosim, in the place of Heroku's buildpack for Python.
export PATH="$HOME/.heroku/python/bin:$PATH"
export PYTHONUNBUFFERED=true
export PIP_DISABLE_PIP_VERSION_CHECK=1
export LANG="\${LANG:-en_US.UTF-8}"
export PYTHONPATH="\${PYTHONPATH-$HOME}"
export FORWARDED_ALLOW_IPS="\${FORWARDED_ALLOW_IPS-*}"
export GUNICORN_CMD_ARGS="\${GUNICORN_CMD_ARGS:---access-logfile -}"
export DYNO_RAM="\${dynosim_memory_mb:-512}"

dynosim_tell() {
  case "$DYNO" in web.*) echo "Python buildpack: $*" >&2 ;; esac
}
dynosim_tell "Detected $DYNO_RAM MB available memory and \${dynosim_cpus:-8} CPU cores."
if [ -n "\${WEB_CONCURRENCY+set}" ]; then
  dynosim_tell "Skipping automatic configuration of WEB_CONCURRENCY since it's already set."
else
  export WEB_CONCURRENCY=$((DYNO_RAM < 256 ? 1 : DYNO_RAM / 256)) WEB_CONCURRENCY_SET_BY=heroku/python
  dynosim_reason="the available memory"
  if [ "$WEB_CONCURRENCY" -ge $((\${dynosim_cpus:-8} * 2 + 1)) ]; then
    WEB_CONCURRENCY=$((\${dynosim_cpus:-8} * 2 + 1))
    dynosim_reason="the number of CPU cores"
  fi
  dynosim_tell "Defaulting WEB_CONCURRENCY to $WEB_CONCURRENCY based on $dynosim_reason."
fi
`;
