import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildApp } from './world.js';

/** A dependency that npm installs without network. */
const GREETER = {
  'vendor/greeter/package.json': '{"name":"greeter","version":"1.0.0"}',
  'vendor/greeter/index.js': 'module.exports = "hello"',
};

/** The lock file of an app with these dependencies, all of them in vendor/. */
function lockFile(dependencies: object, devDependencies: object = {}): string {
  const names = [...Object.keys(dependencies), ...Object.keys(devDependencies)];
  const packages = names.flatMap((name) => {
    const dev = name in devDependencies ? { dev: true } : {};
    return [
      [`node_modules/${name}`, { resolved: `vendor/${name}`, link: true, ...dev }],
      [`vendor/${name}`, { version: '1.0.0', ...dev }],
    ];
  });
  return JSON.stringify({
    name: 'app',
    lockfileVersion: 3,
    packages: { '': { name: 'app', dependencies, devDependencies }, ...Object.fromEntries(packages) },
  });
}

test('an app without dependencies is built as Heroku does it', async () => {
  const { dir, outcome, output } = await buildApp({
    'package.json': '{"name":"app","scripts":{"start":"node server.js"}}',
    'package-lock.json': lockFile({}),
    'server.js': '',
  });
  const node = process.versions.node.replaceAll('.', '\\.');
  expect(output).toMatch(
    new RegExp(`^-----> Building on the Heroku-24 stack
-----> Determining which buildpack to use for this app
-----> Node.js app detected

-----> Creating runtime environment

       NPM_CONFIG_LOGLEVEL=error
       NODE_VERBOSE=false
       NODE_ENV=production
       NODE_MODULES_CACHE=true

-----> Installing binaries
       engines.node \\(package.json\\):   unspecified
       engines.npm \\(package.json\\):    unspecified \\(use default\\)

       Resolving node version 24.x...
       Using Node.js ${node} of this machine
       Using default npm version: [\\d.]+

-----> Installing dependencies
       Installing node modules

       up to date in .*

-----> Build

-----> Caching build
       - npm cache

-----> Pruning devDependencies
       dynosim: package-lock.json names none.
-----> Discovering process types
       Procfile declares types     -> \\(none\\)
       Default types for buildpack -> web

-----> Compressing...
       Done: [\\d.]+B
$`),
  );
  expect(outcome).toMatchObject({
    outcome: 'built',
    language: 'Node.js',
    buildpacks: [{ name: 'heroku/nodejs' }],
  });
  expect(existsSync(join(dir, '.profile.d/nodejs.sh'))).toBe(true);
});

test('scripts run with all dependencies and config vars, and those of the build alone are gone afterwards', async () => {
  const script = (name: string) => `node -p "require('tool')" > ${name}.txt; echo $GREETING >> ${name}.txt`;
  const { dir, outcome, output } = await buildApp(
    {
      ...GREETER,
      'vendor/tool/package.json': '{"name":"tool","version":"1.0.0"}',
      'vendor/tool/index.js': 'module.exports = "tool"',
      'package.json': JSON.stringify({
        name: 'app',
        dependencies: { greeter: 'file:vendor/greeter' },
        devDependencies: { tool: 'file:vendor/tool' },
        scripts: { build: script('built'), 'heroku-prebuild': 'echo first', 'heroku-cleanup': 'echo last' },
      }),
      'package-lock.json': lockFile({ greeter: 'file:vendor/greeter' }, { tool: 'file:vendor/tool' }),
      Procfile: 'web: node server.js',
    },
    { configVars: { GREETING: 'good day' } },
  );
  expect(outcome).toMatchObject({ outcome: 'built' });
  expect(output).toMatch(/-----> Prebuild\n {7}Running heroku-prebuild\n[\s\S]* {7}first\n/);
  expect(output).toMatch(/-----> Build\n {7}Running build\n/);
  expect(output).toMatch(/-----> Cleanup\n {7}Running heroku-cleanup\n[\s\S]* {7}last\n/);
  expect(readFileSync(join(dir, 'built.txt'), 'utf8')).toBe('tool\ngood day\n');
  expect(existsSync(join(dir, 'node_modules/greeter'))).toBe(true);
  expect(existsSync(join(dir, 'node_modules/tool'))).toBe(false);
});

test('a failed script fails the build', async () => {
  const { outcome, output } = await buildApp({ 'package.json': '{"scripts":{"build":"echo oh; exit 3"}}' });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toMatch(/ {7}oh\n/);
  expect(output).toContain(
    '\n-----> Build failed\n\n !     Error: A build script exited with a non-zero exit code.',
  );
  expect(output).toContain(
    '\n\n !     Push rejected, failed to compile Node.js app.\n\n !     Push failed\n',
  );
});

test('a package.json that cannot be read fails the build in the words of Heroku, and says where it is wrong', async () => {
  const { outcome, output } = await buildApp({ 'package.json': '{"name": }' });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toMatch(
    /\n-----> Build failed\n\n ! {5}Error: Unable to parse your package\.json\.\n[\s\S]+\n\n ! {5}dynosim: package\.json is not JSON: .+\.\n\n ! {5}Push rejected, failed to compile Node\.js app\.\n\n ! {5}Push failed\n$/,
  );
});
