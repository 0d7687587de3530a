import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { startApp, steady, type TwoTerminals, tokenFile } from '../e2e/commands-world.js';
import type { Dynosim, Finished, Ready } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

/**
 * The Heroku CLI steers a dynosim. What it is expected to print comes from the CLI's own source and from Heroku's
 * documentation, never from what dynosim happens to answer.
 */

/** The real CLI, whose path `npm run test:heroku` sets. */
const HEROKU = process.env.DYNOSIM_HEROKU_BIN ?? 'heroku';

/** The user of dynosim. */
export const ME = 'you@example.com';

/** An app of two types that shows its environment. */
export const FILES = {
  'web.js': `require('node:http').createServer((request, response) => {
    response.end(process.env.DYNO + ' ' + process.env.GREETING);
  }).listen(process.env.PORT, () => console.log('listening'));
  process.on('SIGTERM', () => process.exit(0));`,
  '.env': 'GREETING=hello\n',
  Procfile: 'web: exec node web.js\nworker: echo working; exec sleep 100000\n',
};

/** An app named `my-app` that is up, and the Heroku CLI in its folder. */
export interface HerokuWorld extends TwoTerminals {
  /** Runs a command of the CLI to its end: `heroku('ps:scale', 'web=2')`. */
  heroku(...args: readonly string[]): Promise<Finished>;
  /** Starts a command of the CLI that keeps running. */
  follow(...args: readonly string[]): Dynosim;
  /** The app's response, as a line of text or as an H code's status. */
  visit(headers?: Readonly<Record<string, string>>): Promise<Visit>;
  /** The app's processes by the names of their dynos, once all of them are up. */
  pids(): Promise<Readonly<Record<string, number>>>;
}

interface Visit {
  readonly status: number | undefined;
  readonly body: string;
}

export async function startHeroku(
  args: readonly string[] = [],
  files: Readonly<Record<string, string>> = FILES,
): Promise<HerokuWorld> {
  const world = await startApp(files, args);
  await world.type('ps:wait');
  return {
    ...world,
    heroku: (...words) => world.type('heroku', ...words),
    follow: (...words) => world.open('heroku', ...words),
    visit: (headers) => visit(world.ready.router, headers),
    async pids() {
      await world.type('ps:wait');
      const dynos = Object.values(await world.dynos());
      return Object.fromEntries(dynos.map(({ name, dynosim: { pid } }) => [name, pid]));
    },
  };
}

/** By hand: fetch would not send a `Host` of our own. */
async function visit(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Visit> {
  const [response] = await once(request(url, { headers, agent: false }).end(), 'response');
  return { status: response.statusCode, body: await text(response) };
}

/** Sends a request to the control API directly. */
export async function api<T>(ready: Ready, path: string): Promise<T> {
  const headers = {
    Authorization: `Bearer ${readFileSync(tokenFile(), 'utf8').trim()}`,
    Accept: 'application/vnd.heroku+json; version=3',
  };
  const answer = await fetch(ready.api + path, { headers });
  return (await answer.json()) as T;
}

/** What the CLI prints when the API refuses: exit status 2, and nothing of a stack. */
export function refused(id: string, message: string | RegExp, action = '') {
  return {
    status: 2,
    stdout: '',
    stderr: saying(`an error ${id} with "${message}"`, (stderr) => {
      const said = unwrapped(stderr.replace(action, ''));
      const [, text = '', errorId] = /^Error: (.*) Error ID: (\w+)$/.exec(said) ?? [];
      return errorId === id && (typeof message === 'string' ? text === message : message.test(text));
    }),
  };
}

/** What the CLI itself finds wrong. */
export function complained(message: string, status = 1) {
  return {
    status,
    stderr: saying(`"${message}"`, (stderr) => unwrapped(stderr) === message),
  };
}

/** A clear refusal of an unsupported command: an error in one sentence, without a stack. */
export function clearlyRefused() {
  return {
    status: expect.toSatisfy((status) => status > 0, 'a failure'),
    stderr: saying(
      'one clear error',
      (stderr) =>
        stderr.match(/Error: /g)?.length === 1 &&
        !/TypeError|SyntaxError|^ +at |undefined|API endpoint was not found/m.test(stderr),
    ),
  };
}

/** Vitest also compares expectations with each other: those are not strings. */
function saying(what: string, isSaid: (stderr: string) => boolean): unknown {
  return expect.toSatisfy((stderr: unknown) => typeof stderr === 'string' && isSaid(stderr), what);
}

/** The CLI's messages without their margin and their line breaks. */
export function unwrapped(stderr: string): string {
  return stderr
    .split('\n')
    .map((line) => line.replace(/^ ›/, '').trim())
    .filter((line) => line !== '')
    .join(' ')
    .replaceAll(/\s+/g, ' ');
}

/** A table's rows, each as its cells; the first one is the head. */
export function rows(table: string): readonly (readonly string[])[] {
  return table
    .split('\n')
    .filter((line) => /^ {2}\S/.test(line))
    .map((line) => steady(line).trim().split(/ {2,}/));
}

/** A folder with these programs, to be put first on PATH. */
export function makePrograms(programs: Readonly<Record<string, string>>): string {
  const folder = makeFolder(programs);
  for (const name of Object.keys(programs)) chmodSync(join(folder, name), 0o755);
  return folder;
}

/** A command line in bash, with `dynosim` and `heroku` on PATH, and what it finds on stdin. */
export async function inBash(
  script: string,
  { cwd, env = {}, stdin = '' }: { cwd: string; env?: Readonly<Record<string, string>>; stdin?: string },
): Promise<Finished> {
  const bash = spawn('bash', ['-c', script], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', PATH: pathWithBoth(), ...env },
  });
  bash.stdin.on('error', () => {}).end(stdin);
  const [stdout, stderr, [status, signal]] = await Promise.all([
    text(bash.stdout),
    text(bash.stderr),
    once(bash, 'close'),
  ]);
  return { status, signal, stdout, stderr };
}

export function pathWithBoth(): string {
  return [dynosimOnPath(), dirname(HEROKU), process.env.PATH].join(':');
}

function dynosimOnPath(): string {
  const folder = makeFolder();
  const bin = new URL('../../bin/dynosim.js', import.meta.url).pathname;
  writeFileSync(join(folder, 'dynosim'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, {
    mode: 0o755,
  });
  return folder;
}
