import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { done, tokenFile } from '../e2e/commands-world.js';
import { openTerminal } from '../helpers/terminal.js';
import { inBash, makePrograms, pathWithBoth, startHeroku, unwrapped } from './heroku-world.js';

/** The CLI of a user who logs in, without the given key. */
const KEYLESS = 'eval "$(dynosim env)"; unset HEROKU_API_KEY;';

/** What the CLI asks, with what a user types. */
async function logIn(dir: string, password: string) {
  const terminal = openTerminal(`bash -c '${KEYLESS} heroku login -i'`, dir, { PATH: pathWithBoth() });
  await terminal.shows(/Email/);
  terminal.type('you@example.com\r');
  await terminal.shows(/Password/);
  terminal.type(`${password}\r`);
  return terminal;
}

/** Where the CLI stores the login. */
const NETRC = join(process.env.HOME ?? '', '.netrc');

function netrc(): string {
  return existsSync(NETRC) ? readFileSync(NETRC, 'utf8') : '';
}

afterEach(() => rmSync(NETRC, { force: true }));

describe('heroku login', () => {
  test('takes the code of `dynosim info --code` as the password; logout forgets it', async () => {
    const { dir, type, ready } = await startHeroku();
    const code = (await type('info', '--code')).stdout.trim();
    expect(code).toMatch(/^\S+$/);
    const machine = `machine ${new URL(ready.api).host}`;

    expect(await inBash(`${KEYLESS} heroku auth:whoami`, { cwd: dir })).toMatchObject({
      status: 100,
      stdout: '',
      stderr: expect.stringContaining('not logged in'),
    });
    const terminal = await logIn(dir, code);
    await terminal.shows(/Logged in as you@example\.com/);
    expect(await terminal.finished).toBe(0);
    expect(netrc()).toContain(machine);

    const [ps, token] = await Promise.all([
      inBash(`${KEYLESS} heroku ps:scale`, { cwd: dir }),
      inBash(`${KEYLESS} heroku auth:token`, { cwd: dir }),
    ]);
    expect(ps).toMatchObject(done('web=1:Eco worker=1:Eco\n'));
    expect(token).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\S+\n$/) });
    expect(unwrapped(token.stderr)).toMatch(/^(Warning: token will expire .*)?$/);
    expect(netrc()).toContain(token.stdout.trim());

    expect(await inBash(`${KEYLESS} heroku logout`, { cwd: dir })).toMatchObject(
      done('', 'Logging out... done\n'),
    );
    expect(netrc()).not.toContain(machine);
    // The key that dynosim itself uses is still good.
    expect(await type('ps')).toMatchObject({ status: 0 });
  });

  test('rejects any other password', async () => {
    const { dir } = await startHeroku();
    const terminal = await logIn(dir, 'a guess');
    await terminal.shows(/Invalid credentials provided\./);
    expect(await terminal.finished).toBeGreaterThan(0);
    expect(netrc()).not.toContain('machine');
  });

  test('reads a pipe, line by line', async () => {
    const { dir } = await startHeroku();
    // Each answer when it is asked for: the CLI drops what comes too early.
    const { status, stdout } = await inBash(
      `${KEYLESS} code=$(dynosim info --code)
      coproc login { heroku login -i 2>&1; }
      exec 3<&"\${login[0]}" 4>&"\${login[1]}"; pid=$login_PID; said=
      until [[ $said == *Email* ]]; do read -rn1 -u3 c && said+=$c; done; echo you@example.com >&4
      until [[ $said == *Password* ]]; do read -rn1 -u3 c && said+=$c; done; echo "$code" >&4
      cat <&3; wait $pid`,
      { cwd: dir },
    );
    expect(stdout).toContain('Logged in as you@example.com');
    expect(status).toBe(0);
  });

  test('opens the browser, where the code is asked for', async () => {
    const { dir, type } = await startHeroku();
    const code = (await type('info', '--code')).stdout.trim();
    const programs = makePrograms({ browser: '#!/bin/sh\nexit 0\n' });
    const terminal = openTerminal(`bash -c '${KEYLESS} heroku login'`, dir, {
      PATH: pathWithBoth(),
      BROWSER: join(programs, 'browser'),
    });
    await terminal.shows(/Press any key to open up the browser to login/);
    terminal.type('x');
    const [, url = ''] = await terminal.shows(/Opening browser to (http\S+)/);
    const page = await fetch(url);
    const html = await page.text();
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const [, action = ''] = /<form[^>]* action="([^"]*)"/.exec(html) ?? [];
    const [, field = 'code'] = /<input[^>]* name="(\w+)"(?![^>]*hidden)/.exec(html) ?? [];
    const target = new URL(action, url);
    const guess = new URLSearchParams({ [field]: 'a guess' });
    const wrong = await fetch(target, { method: 'POST', body: guess });
    expect(await wrong.text()).not.toContain('Logged in');
    const right = await fetch(target, {
      method: 'POST',
      body: new URLSearchParams({ [field]: code }),
      headers: { Origin: target.origin },
    });
    expect(await right.text()).toContain('Logged in');
    await terminal.shows(/Logged in as you@example\.com/);
    expect(await terminal.finished).toBe(0);
  });
});

describe('with the key that dynosim gives', () => {
  test('no login is needed', async () => {
    const { heroku } = await startHeroku();
    const [who, token] = await Promise.all([heroku('auth:whoami'), heroku('auth:token')]);
    expect(who).toMatchObject({ status: 0, stdout: 'you@example.com\n' });
    expect(unwrapped(who.stderr)).toBe('Warning: HEROKU_API_KEY is set');
    expect(token).toMatchObject({ status: 0, stdout: `${readFileSync(tokenFile(), 'utf8').trim()}\n` });
    expect(unwrapped(token.stderr)).not.toMatch(/Error/);
  });
});
