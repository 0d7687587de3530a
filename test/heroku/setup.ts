/** The CLI gets a user's environment, without ours: in CI, it prints tables in another format. */
const ours = /^(HEROKU_.*|CI|CI_.*|CONTINUOUS_INTEGRATION)$/;
for (const name of Object.keys(process.env)) if (ours.test(name)) delete process.env[name];
// By NODE_ENV=test, which is the test runner's, its framework would look for sources in TypeScript.
delete process.env.NODE_ENV;
process.env.TERM = 'xterm';
