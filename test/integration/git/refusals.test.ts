import { describe, expect, test } from 'vitest';
import { UserError } from '../../../src/base/errors.js';
import { Clone, startGit } from './world.js';

test('a wrong password is refused in words that git shows', async () => {
  const { url, host } = await startGit();
  const clone = await Clone.create();
  const { status, stderr } = await clone.run('push', url().replace('secret', 'wrong'), 'main');
  expect(stderr).toContain('remote: !\tDo not authenticate with username and password using git.');
  expect(stderr).toContain('remote: !\tRun `heroku login` to update your credentials, then retry');
  expect(stderr).toContain('dynosim env');
  expect(stderr).toContain('fatal: Authentication failed');
  expect(status).toBe(128);
  expect(host.pushes).toEqual([]);
});

test('an app that there is not is named', async () => {
  const { url } = await startGit();
  const clone = await Clone.create();
  const { stderr } = await clone.run('push', url('nope'), 'main');
  expect(stderr).toContain('remote: !\tNo such app as nope.');
  expect(stderr).toMatch(/fatal: repository '.*nope\.git\/' not found/);
});

test('if the repository cannot be opened, git shows why', async () => {
  const { url, host } = await startGit();
  const clone = await Clone.create();
  host.repositoryOf = () =>
    Promise.reject(new UserError('NO_GIT', 'There is no git on the PATH', 'Install git.'));
  const { stderr } = await clone.run('push', url(), 'main');
  expect(stderr).toContain('remote: !\tdynosim: There is no git on the PATH. Install git.');
});

describe('who may ask', () => {
  const REFS = '/demo.git/info/refs?service=git-receive-pack';
  const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

  test.each([
    ['the token as password', basic('anybody:secret'), 200],
    ['the token as password of nobody', basic(':secret'), 200],
    ['no password', undefined, 401],
    ['a wrong one', basic('me:wrong'), 401],
    ['an empty one', basic('me:'), 401],
    ['the token as name', basic('secret:'), 401],
    ['the token and more', basic('me:secret\n'), 401],
    ['no colon', basic('secret'), 401],
    ['what is no Base64', 'Basic ??', 401],
    ['the token in the other scheme', 'Bearer secret', 401],
  ])('%s', async (_name, authorization, status) => {
    const { ask } = await startGit();
    const answer = await ask('GET', REFS, authorization === undefined ? {} : { authorization });
    expect(answer.status).toBe(status);
    if (status === 200) return;
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="dynosim"/);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test('what apps there are is not told without the token', async () => {
    const { ask } = await startGit();
    expect((await ask('GET', REFS.replace('demo', 'nope'), {})).status).toBe(401);
  });

  test('the token as password opens nothing but git', async () => {
    const { ask } = await startGit();
    expect((await ask('GET', '/apps', { authorization: basic('me:secret') })).status).toBe(401);
  });
});

test.each([
  ['/..%2fdemo.git/info/refs', 404],
  ['/%2e%2e%2f%2e%2e%2fetc.git/info/refs', 404],
  ['/demo%2frepo.git/info/refs', 404],
  ['/demo%00.git/info/refs', 404],
  ['/demo.git%0a.git/info/refs', 404],
  ['/%ff.git/info/refs', 400],
  ['/.git/info/refs', 404],
  ['/__proto__.git/info/refs', 404],
])('GET %s finds nothing', async (path, status) => {
  const { ask, bugs, authorization } = await startGit();
  const answer = await ask('GET', `${path}?service=git-upload-pack`, { authorization });
  expect(answer.status).toBe(status);
  expect(await answer.text()).not.toMatch(/[^\n\t\x20-\x7e’…]/);
  expect(bugs).toEqual([]);
});

test.each(['', '?service=git-shell', '?service=git-upload-archive', '?service=--help'])(
  'no service but fetch and push is offered: %j',
  async (query) => {
    const { ask, authorization } = await startGit();
    const answer = await ask('GET', `/demo.git/info/refs${query}`, { authorization });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('smart HTTP protocol');
  },
);

test.each([
  '/demo.git/HEAD',
  '/demo.git/objects/info/packs',
  '/demo.git/config',
  '/demo.git/hooks/pre-receive',
])('no file of a repository is served: %s', async (path) => {
  const { ask, authorization } = await startGit();
  expect((await ask('GET', path, { authorization })).status).toBe(401);
  expect((await ask('GET', path, { authorization: 'Bearer secret' })).status).toBe(404);
});

test.each(['version=2:\u00e9', 'version=2\t', '$(id)', '--help'])(
  'a strange Git-Protocol is no reason to fail: %j',
  async (protocol) => {
    const { ask, authorization } = await startGit();
    const headers = { authorization, 'git-protocol': protocol };
    expect((await ask('GET', '/demo.git/info/refs?service=git-upload-pack', headers)).status).toBe(200);
  },
);
