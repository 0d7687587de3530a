import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

test('export writes files that run the app, says which, and refuses in one line', async () => {
  const dir = join(makeFolder(), 'shop');
  cpSync(join(EXAMPLES, 'node-web-worker'), dir, { recursive: true });
  const { stdout } = await run(['export', 'kubernetes', '--dir', dir, '--image', 'example.com/shop:v1']);
  expect(stdout).toMatch(
    /^Wrote .*kustomization\.yaml\n(?:Wrote .*\n)+The commands to run it are in .*README\.md\n$/,
  );
  expect(readFileSync(join(dir, 'deploy/kubernetes/app.yaml'), 'utf8')).toContain(
    'image: example.com/shop:v1',
  );
  const refused = await run(['export', 'compose', '--dir', dir, '--image', 'A B']);
  expect(refused).toMatchObject({
    status: 1,
    stderr: 'dynosim: `A B` is not the name of an image. Write for example registry.example.com/my-app:v1.\n',
  });
});

test('export prints the problems of the Procfile, and refuses a port that it could not use', async () => {
  const dir = makeFolder({ Procfile: 'web: node web.js\nworker node\n', 'package.json': '{}' });
  expect(await run(['export', 'compose', '--dir', dir])).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/^Procfile:2(?::\d+)?: warning: .*\n$/),
  });
  expect(await run(['export', 'compose', '--dir', dir, '--port', '0'])).toMatchObject({
    status: 1,
    stderr: 'dynosim: --port 0 is no port at which an app can be found. Give a number from 1 to 65535.\n',
  });
  expect(await run(['export', 'kubernetes', '--dir', dir, '--port', '80'])).toMatchObject({
    status: 1,
    stderr:
      'dynosim: --port means nothing on Kubernetes, where the app answers at a host name. Name that: --host NAME.\n',
  });
});

test('export warns of passwords that git would take, not of those in a folder that it ignores', async () => {
  const dir = makeFolder({ Procfile: 'web: node web.js\n', 'package.json': '{}', '.git/HEAD': '' });
  const warned = await run(['export', 'compose', '--dir', dir, '--image', 'shop']);
  expect(warned.stderr).toMatch(
    /^dynosim: git would take the passwords in .*: add \*\.env to \.gitignore\.\n$/,
  );
  writeFileSync(join(dir, '.gitignore'), 'deploy/\n');
  expect(await run(['export', 'compose', '--dir', dir, '--image', 'shop'])).toMatchObject({
    status: 0,
    stderr: '',
  });
});
