import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { done } from '../e2e/commands-world.js';
import { makeFolder } from '../helpers/folder.js';
import {
  api,
  clearlyRefused,
  complained,
  inBash,
  ME,
  makePrograms,
  refused,
  rows,
  startHeroku,
  unwrapped,
} from './heroku-world.js';

describe('heroku apps', () => {
  test('lists the running app, and all that can be known of it', async () => {
    const { heroku, dir, ready } = await startHeroku();
    const programs = makePrograms({ browser: '#!/bin/sh\necho "$1" >> opened\n' });
    const browser = { BROWSER: join(programs, 'browser') };
    const mine = `=== ${ME} Apps\n\nmy-app\n`;
    const [own, all, info, infoJson, opened] = await Promise.all([
      heroku('apps'),
      heroku('apps', '--all'),
      heroku('apps:info'),
      heroku('info', '-a', 'my-app', '--json'),
      inBash('dynosim heroku open /about', { cwd: dir, env: browser }),
    ]);
    expect(own).toMatchObject(done(mine));
    expect(all).toMatchObject(done(mine));
    const git = `https://${new URL(ready.api).host}/my-app.git`;
    expect(info).toMatchObject({ status: 0, stderr: '' });
    const shown = pairs(info.stdout, ': ');
    expect(info.stdout).toMatch(/^=== my-app\n/);
    expect(shown).toMatchObject({
      'Auto Cert Mgmt': 'false',
      'Git URL': git,
      'Web URL': expect.stringMatching(/^https?:\/\//),
      'Repo Size': expect.stringMatching(/^\d+ \w+$/),
      'Slug Size': expect.stringMatching(/^\d+ \w+$/),
      Owner: ME,
      Region: 'us',
      Dynos: 'web: 1, worker: 1',
      Stack: expect.stringMatching(/^heroku-\d+$/),
    });
    expect(Object.keys(shown)).not.toContain('Create Status');
    expect((await fetch(shown['Web URL'] ?? '')).status).toBe(200);
    expect(JSON.parse(infoJson.stdout)).toMatchObject({
      addons: [],
      app: { name: 'my-app', create_status: 'complete' },
      dynos: [{ type: 'web' }, { type: 'worker' }],
    });
    const about = new URL('/about', shown['Web URL']).href;
    expect(opened).toMatchObject(done(`Opening ${about}...\n`));
    await expect
      .poll(() => existsSync(join(dir, 'opened')) && readFileSync(join(dir, 'opened'), 'utf8'))
      .toBe(`${about}\n`);
  });

  test('is the remote of a git repository, by which commands find the app', async () => {
    const { heroku, dir, ready } = await startHeroku();
    execFileSync('git', ['init', '--quiet'], { cwd: dir });
    const url = `https://${new URL(ready.api).host}/my-app.git`;
    expect(await heroku('git:remote', '-a', 'my-app')).toMatchObject(
      done(`set git remote heroku to ${url}\n`, /"git push" does nothing/),
    );
    expect(execFileSync('git', ['remote', '-v'], { cwd: dir, encoding: 'utf8' })).toMatch(
      `heroku\t${url} (fetch)`,
    );
    const byRemote = await inBash('eval "$(dynosim env)"; unset HEROKU_APP; heroku ps:scale', { cwd: dir });
    expect(byRemote).toMatchObject(done('web=1:Eco worker=1:Eco\n'));
  });
});

describe('what there is besides', () => {
  test('the platform: regions, stacks, its status', async () => {
    const { heroku } = await startHeroku();
    const [regions, stack, status] = await Promise.all([
      heroku('regions', '--common'),
      heroku('stack'),
      heroku('status'),
    ]);
    expect(regions).toMatchObject({ status: 0, stderr: '' });
    expect(rows(regions.stdout)).toContainEqual(['us', 'United States', 'Common Runtime']);
    expect(stack).toMatchObject(done(/^=== my-app Available Stacks\n\n(.*\n)*\* heroku-24\n/));
    expect(status).toMatchObject(
      done(
        'Apps:      No known issues at this time.\n' +
          'Data:      No known issues at this time.\n' +
          'Tools:     No known issues at this time.\n',
      ),
    );
  });

  test('the app: its domain, access, buildpacks, add-ons', async () => {
    const { heroku, visit } = await startHeroku();
    const [domains, access, buildpacks, addons] = await Promise.all([
      heroku('domains'),
      heroku('access'),
      heroku('buildpacks'),
      heroku('addons'),
    ]);
    const [, domain = ''] = /^=== my-app Heroku Domain\n\n(\S+)\n$/.exec(domains.stdout) ?? [];
    expect(await visit({ Host: domain })).toMatchObject({ status: 200 });
    expect(rows(access.stdout)).toContainEqual(expect.arrayContaining([ME, 'owner']));
    expect(buildpacks).toMatchObject(
      done(/^(my-app has no Buildpacks\.|=== my-app Classic Buildpack.*\n\n\S+)\n$/),
    );
    expect(addons).toMatchObject(done('No add-ons for app my-app.\n'));
  });

  test('help, and paths that there are not', async () => {
    const { heroku, ready } = await startHeroku();
    expect(await heroku('help')).toMatchObject(
      done(/^CLI to interact with Heroku\n\nVERSION\n {2}heroku\/11\.10\.0 /),
    );
    expect(await api(ready, '/no/such/path')).toEqual({
      id: 'not_found',
      message: expect.stringMatching(/./),
    });
  });
});

describe('what dynosim does not do', () => {
  // Some thirty commands, one row of the table after the other.
  test('is refused in the words of docs/heroku-cli.md, and changes nothing', {
    timeout: 120_000,
  }, async () => {
    const { heroku, dir, pids, ready } = await startHeroku();
    execFileSync('git', ['init', '--quiet'], { cwd: dir });
    execFileSync('git', ['remote', 'add', 'heroku', `https://${new URL(ready.api).host}/my-app.git`], {
      cwd: dir,
    });
    const config = readFileSync(join(dir, '.git', 'config'), 'utf8');
    const before = await pids();
    const file = join(makeFolder({ 'key.pub': 'ssh-rsa AAAAB3NzaC1yc2E= me\n' }), 'key.pub');
    for (const { commands, answer } of notSimulated()) {
      const told = await Promise.all(
        commands.map((command) => heroku(command, ...argumentsOf(command, file))),
      );
      for (const [index, refusal] of told.entries()) {
        expect(refusal, commands[index]).toMatchObject(clearlyRefused());
        expect(unwrapped(refusal.stderr), commands[index]).toContain(answer);
      }
    }
    expect(await api(ready, '/apps')).toMatchObject([{ name: 'my-app' }]);
    expect(readFileSync(join(dir, '.git', 'config'), 'utf8')).toBe(config);
    expect(await pids()).toEqual(before);
  });

  test('is refused for the app of a folder, with the way that there is', async () => {
    const { heroku } = await startHeroku();
    const [created, renamed, destroyed, stack, buildpack, domain] = await Promise.all([
      heroku('create'),
      heroku('apps:rename', 'another-name'),
      heroku('apps:destroy', '--confirm', 'my-app'),
      heroku('stack:set', 'heroku-22'),
      heroku('buildpacks:set', 'heroku/nodejs'),
      heroku('domains:add', 'www.example.com'),
    ]);
    for (const told of [created, renamed])
      expect(unwrapped(told.stderr)).toMatch(/For many apps: dynosim host/);
    expect(unwrapped(destroyed.stderr)).toMatch(/To stop it: dynosim stop/);
    expect(unwrapped(stack.stderr)).toMatch(/dynosim simulates the stack heroku-24 only/);
    for (const told of [buildpack, domain])
      expect(unwrapped(told.stderr)).toMatch(/For builds, buildpacks and domains: dynosim host/);
    for (const told of [created, renamed, destroyed, stack, buildpack, domain])
      expect(told).toMatchObject(clearlyRefused());
  });

  test('is never a bug of the CLI', async () => {
    const { heroku } = await startHeroku();
    const commands = [['certs'], ['webhooks'], ['pipelines'], ['teams'], ['pg:info']];
    const told = await Promise.all(commands.map((command) => heroku(...command)));
    for (const [index, { stderr, stdout }] of told.entries())
      expect(`${stdout}${stderr}`, commands[index]?.join(' ')).not.toMatch(
        /TypeError|SyntaxError|^ +at |ENOTFOUND|ECONNREFUSED/m,
      );
  });

  test('appears as an empty list in the CLI’s words', async () => {
    const { heroku } = await startHeroku();
    const [pg, certs, redis, cli, exec, inside] = await Promise.all([
      heroku('pg:info'),
      heroku('certs:auto'),
      heroku('redis:info'),
      heroku('redis:cli'),
      heroku('ps:exec', 'ls'),
      heroku('run:inside', 'web.1', 'ls'),
    ]);
    expect(pg).toMatchObject(done('my-app has no heroku-postgresql databases.\n'));
    expect(certs).toMatchObject(done(/^=== Automatic Certificate Management is disabled on my-app\n/));
    expect(redis).toMatchObject(done(''));
    expect(cli).toMatchObject(complained('Error: No Redis instances found.'));
    expect(exec).toMatchObject(refused('not_found', /runtime-heroku-exec/));
    expect(inside).toMatchObject(
      refused('not_simulated', "dynosim does not simulate POST /apps/my-app/dynos/web.1 of Heroku's API."),
    );
  });

  test('git push', async () => {
    const { dir, ready } = await startHeroku();
    const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: dir });
    git('init', '--quiet', '--initial-branch', 'main');
    git('-c', 'user.name=me', '-c', `user.email=${ME}`, 'commit', '--quiet', '--allow-empty', '-m', 'First');
    git('remote', 'add', 'heroku', `https://${new URL(ready.api).host}/my-app.git`);
    const pushed = await inBash('eval "$(dynosim env)"; git push heroku main', {
      cwd: dir,
      env: { GIT_TERMINAL_PROMPT: '0' },
    });
    expect(pushed.status).toBeGreaterThan(0);
    expect(pushed.stderr).toMatch(/dynosim|simulat/i);
    expect(pushed.stderr).not.toMatch(/certificate|could not read Username|^ +at /m);
  });

  test('and no app is found elsewhere', async () => {
    const { dir } = await startHeroku();
    const elsewhere = await inBash('dynosim heroku ps', { cwd: makeFolder() });
    expect(elsewhere).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^dynosim: .*\n$/),
    });
    const named = await inBash('dynosim heroku ps:scale -a my-app', { cwd: makeFolder() });
    expect(named).toMatchObject(done('web=1:Eco worker=1:Eco\n'));
    const noCli = await inBash('dynosim heroku ps', {
      cwd: dir,
      env: { DYNOSIM_HEROKU_BIN: '', PATH: `${process.env.PATH}` },
    });
    expect(noCli.status).toBeGreaterThan(0);
  });
});

/** The unsimulated commands in the documentation, with their messages. */
function notSimulated() {
  const text = readFileSync(new URL('../../docs/heroku-cli.md', import.meta.url), 'utf8');
  return [...text.matchAll(/^\| (.*) \| (dynosim does not .*) \|$/gm)].map(([, cell = '', answer = '']) => ({
    // `git push` has a test of its own.
    commands: [...cell.matchAll(/`([\w:]+)`/g)].map(([, command = '']) => command),
    answer,
  }));
}

/**
 * What a command wants to be told before it asks dynosim.
 * @param file for those that read one
 */
function argumentsOf(command: string, file: string): readonly string[] {
  const wanted: Readonly<Record<string, readonly string[]>> = {
    'domains:update': ['www.example.com', '--cert', 'a-name'],
    'certs:add': [file, file],
    'access:add': ['somebody@example.com'],
    'access:remove': ['somebody@example.com'],
    'apps:transfer': ['somebody@example.com'],
    'pipelines:create': ['a-name', '--stage', 'staging'],
    'webhooks:add': ['--include', 'api:release', '--level', 'notify', '--url', 'https://example.com'],
    'spaces:create': ['a-name', '--team', 'a-team'],
    'spaces:info': ['a-name'],
    'keys:add': [file],
  };
  return wanted[command] ?? [];
}

/** Lines of `key: value`. */
function pairs(text: string, separator: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line.includes(separator))
      .map((line) => {
        const [key = '', ...rest] = line.split(separator);
        return [key, rest.join(separator).trim()];
      }),
  );
}
