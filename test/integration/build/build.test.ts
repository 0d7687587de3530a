import { existsSync, linkSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../helpers/folder.js';
import { processesWith, uniqueNap } from '../../helpers/processes.js';
import { buildApp } from './world.js';

test('"none" deploys the files as they are, without those that .slugignore names', async () => {
  const { dir, outcome, output } = await buildApp(
    {
      Procfile: 'web: python3 -m http.server\nworker: sleep 1',
      '.slugignore': 'docs\n*.psd',
      'docs/a.md': 'A',
      'x/b.psd': 'B',
    },
    { buildpacks: ['none'] },
  );
  expect(output).toBe(`-----> Building on the Heroku-24 stack
-----> Deleting 2 files matching .slugignore patterns.
-----> Using buildpack: none
       dynosim: The files are deployed as they are.
-----> Discovering process types
       Procfile declares types -> web, worker

-----> Compressing...
       Done: 43B
`);
  expect(outcome).toMatchObject({ outcome: 'built', language: '', bytes: 43 });
  expect(readdirSync(dir).sort()).toEqual(['Procfile', 'x']);
});

test('an app in no language is refused', async () => {
  const { outcome, output } = await buildApp({ Procfile: 'web: ./server' });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toBe(`-----> Building on the Heroku-24 stack
-----> Determining which buildpack to use for this app
 !     No default language could be detected for this app.
\t\t\tHINT: This occurs when Heroku cannot detect the buildpack to use for this application automatically.
\t\t\tSee https://devcenter.heroku.com/articles/buildpacks

 !     Push failed
`);
});

test('of several languages the first of Heroku is built', async () => {
  const { output, outcome } = await buildApp({
    'package.json': '{}',
    'requirements.txt': '',
    Procfile: 'web: x',
  });
  expect(output).toContain('\t\t\tDetected buildpacks: Node.js,Python\n');
  expect(outcome).toMatchObject({ buildpacks: [{ name: 'heroku/nodejs' }] });
});

test('a buildpack that does not take the app refuses it', async () => {
  const { output, outcome } = await buildApp({ 'app.py': '' }, { buildpacks: ['heroku/nodejs'] });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toMatch(/^-----> App not compatible with buildpack: https:.*heroku\/nodejs\.tgz$/m);
  expect(output).toContain('auto-detection\n\n !     Push failed\n');
});

test('a buildpack that dynosim cannot build with is refused in one line', async () => {
  const { output, outcome } = await buildApp({}, { buildpacks: ['https://github.com/some/buildpack'] });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toMatch(/^ ! {5}dynosim: .*github.com\/some\/buildpack.*file:/m);
});

test('nothing of a canceled build continues', async () => {
  const nap = uniqueNap();
  const cancel = new AbortController();
  const pack = makeFolder({
    'bin/detect': '#!/bin/sh\necho Napping',
    'bin/compile': `#!/bin/sh\nsetsid sleep ${nap} &\necho ready; sleep ${nap}`,
  });
  const cacheDir = makeFolder();
  const { outcome, output } = await buildApp(
    {},
    {
      buildpacks: [`file://${pack}`],
      cacheDir,
      configVars: { SECRET: 'x' },
      signal: cancel.signal,
      onOutput: (text) => text.includes('ready') && cancel.abort(),
    },
  );
  expect(outcome).toEqual({ outcome: 'cancelled' });
  expect(output).toMatch(/\n\n ! {5}dynosim: The build was cancelled\.\n\n ! {5}Push failed\n$/);
  expect(processesWith(nap)).toEqual([]);
  expect(existsSync(join(cacheDir, '.build'))).toBe(false);
});

test('a Procfile with mistakes deploys what it does declare, and the build names the lines', async () => {
  const { output, outcome } = await buildApp(
    { Procfile: 'web: node server.js\nworker node worker.js' },
    { buildpacks: ['none'] },
  );
  expect(output).toMatch(/declares types -> web\n ! {5}dynosim: Procfile:2:1: warning: /);
  expect(outcome).toMatchObject({ outcome: 'built' });
});

test('no link in the app leads a build out of it', async () => {
  const elsewhere = makeFolder({ 'docs/a.md': 'keep' });
  const dir = makeFolder({ 'package.json': '{}', '.slugignore': 'docs link/docs' });
  symlinkSync(elsewhere, join(dir, 'link'));
  symlinkSync(elsewhere, join(dir, '.profile.d'));
  const { output, outcome } = await buildApp({}, { dir });
  expect(outcome).toEqual({ outcome: 'failed' });
  expect(output).toContain(` !     dynosim: .profile.d is a link that leads out of the app. Remove it.

 !     Push rejected, failed to compile Node.js app.

 !     Push failed
`);
  expect(readdirSync(elsewhere, { recursive: true }).sort()).toEqual(['docs', 'docs/a.md']);
});

test('a file with several names counts once for the size of the slug', async () => {
  const dir = makeFolder({ Procfile: 'web: x\n', 'a/big': 'x'.repeat(1000), 'b/': '' });
  linkSync(join(dir, 'a/big'), join(dir, 'b/big'));
  const { outcome } = await buildApp({}, { dir, buildpacks: ['none'] });
  expect(outcome).toMatchObject({ bytes: 1007 });
});
