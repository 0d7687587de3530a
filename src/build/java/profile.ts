/**
 * Run when a dyno starts, which tells it `dynosim_memory_mb`. A config var counts more than what it sets.
 * https://devcenter.heroku.com/articles/java-memory-issues
 */
export const PROFILE = `# By dynosim, in the place of Heroku's buildpack for Java.
if [ "\${dynosim_memory_mb:-512}" -le 512 ]; then
  export JAVA_TOOL_OPTIONS="\${JAVA_TOOL_OPTIONS--Xmx300m -Xss512k -XX:CICompilerCount=2 -Dfile.encoding=UTF-8}"
fi
`;
