import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeFolder } from '../../helpers/folder.js';
import { buildApp } from './world.js';

/** A buildpack with these scripts, which detects every app as `Test` by default. */
function makePack(scripts: Readonly<Record<string, string>>): string {
  const files = Object.entries({ detect: 'echo Test', ...scripts });
  return makeFolder(
    Object.fromEntries(files.map(([name, text]) => [`bin/${name}`, `#!/bin/bash\n${text}\n`])),
  );
}

test('its three programs run as on Heroku, and all of what they print is shown', async () => {
  const pack = makePack({
    detect: 'echo "Test $(basename $0) $#"',
    compile: `cd "$1" && touch compiled-here .seen
      echo "-----> Compiling"; echo "       to stderr" >&2; echo -n "no line end"
      touch "$2/kept"; cat "$3/GREETING"; ls "$3"; env | cut -d= -f1 | sort | tr '\\n' ' '`,
    release:
      'echo "---"; echo "default_process_types:"; echo "  web: ./serve"; echo "config_vars: {PORT_COUNT: 2}"',
  });
  const { dir, outcome, output } = await buildApp(
    { Procfile: 'worker: ./work' },
    {
      buildpacks: [`file://${pack}`],
      configVars: { GREETING: 'two\nlines', PATH: 'x' },
      shell: { PATH: process.env.PATH, HOME: '/', X: 'x' },
    },
  );
  expect(output).toBe(`-----> Building on the Heroku-24 stack
-----> Using buildpack: file://${pack}
-----> Test detect 1 app detected
-----> Compiling
       to stderr
no line endtwo
linesGREETING
PATH
HOME LANG OLDPWD PATH PWD REQUEST_ID SHLVL SOURCE_VERSION STACK _ 
-----> Discovering process types
       Procfile declares types     -> worker
       Default types for buildpack -> web

-----> Compressing...
       Done: 14B
`);
  expect(outcome).toMatchObject({
    language: 'Test detect 1',
    configVars: new Map([['PORT_COUNT', '2']]),
    buildpacks: [{ name: `file://${pack}`, url: `file://${pack}` }],
  });
  expect(readdirSync(dir).sort()).toEqual(['.seen', 'Procfile', 'compiled-here']);
});

test('the buildpacks after it get what it exports, and its own folder stays as it is', async () => {
  const first = makePack({
    compile: `echo 'export GREETING="hello world" PATH="/opt/first:$PATH"' > "$(dirname "$0")/../export"`,
    release: 'echo "default_process_types: {web: first}"',
  });
  const second = makePack({
    compile: 'echo "$GREETING, $(cut -d: -f1 <<<$PATH), other: $OTHER"',
    release: 'echo "default_process_types: {web: second}"',
  });
  const { output, outcome } = await buildApp(
    { 'package.json': '{"scripts":{"build":"echo $GREETING"}}' },
    { buildpacks: [`file://${first}`, `file://${second}`, 'heroku/nodejs'], configVars: { OTHER: 'x' } },
  );
  expect(output).toContain(`-----> Using buildpacks:
       1. file://${first}
       2. file://${second}
       3. heroku/nodejs
-----> Test app detected
-----> Test app detected
hello world, /opt/first, other: 
-----> Node.js app detected
`);
  expect(output).toContain('       hello world\n');
  expect(outcome).toMatchObject({ processes: new Map([['web', { command: 'npm start' }]]) });
  expect(readdirSync(first)).toEqual(['bin']);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    'does not take the app',
    { detect: 'echo "No." >&2; exit 1', compile: '' },
    /buildpack: file:.*\n {7}No\.\n\n {7}More info/,
  ],
  ['fails', { compile: 'echo oh; exit 3' }, /\noh\n ! {5}Push rejected, failed to compile Test app\.\n\n/],
  [
    'prints no YAML',
    { compile: '', release: 'echo "a: [b"' },
    /\n\n ! {5}dynosim: What bin\/release prints is not YAML: .*\n\n/,
  ],
  ['fails to release', { compile: '', release: 'echo oh >&2; exit 3' }, /\noh\n/],
])('one that %s fails the build', async (_, scripts, text) => {
  const { output, outcome } = await buildApp({}, { buildpacks: [`file://${makePack(scripts)}`] });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toMatch(text);
  expect(output).toMatch(/ ! {5}Push failed\n$/);
});

test('a folder without a buildpack is refused in one line', async () => {
  const { output, outcome } = await buildApp({}, { buildpacks: ['file:///tmp'] });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toMatch(/^ ! {5}dynosim: \/tmp is no buildpack: bin\/detect is missing\. Name a folder/m);
});
