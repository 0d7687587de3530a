import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { type Dynosim, dynosim, type Finished, type Ready, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

/** A command line for a shell: `${BIN} ps`. */
export const BIN = `'${process.execPath}' '${fileURLToPath(new URL('../../bin/dynosim.js', import.meta.url))}'`;

/** An app that runs, and what a second terminal in its folder can do. */
export interface TwoTerminals {
  readonly dir: string;
  readonly app: Dynosim;
  readonly ready: Ready;
  /** Runs a command to its end: `type('ps:scale', 'web=2')`. */
  type(...args: readonly string[]): Promise<Finished>;
  /** Starts a command that keeps running. */
  open(...args: readonly string[]): Dynosim;
  /** The API's views of the dynos, by name: without the time to start a command. */
  dynos(): Promise<Readonly<Record<string, Dyno>>>;
}

interface Dyno {
  readonly name: string;
  readonly state: string;
  readonly size: string;
  readonly dynosim: { readonly pid: number };
}

/** Starts an app named `my-app` made of these files. */
export async function startApp(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<TwoTerminals> {
  const dir = makeFolder(files);
  const app = start(dir, ['--app', 'my-app', ...args]);
  const ready = await app.ready();
  const type = (...words: readonly string[]) => run(words, { cwd: dir });
  return {
    dir,
    app,
    ready,
    type,
    open: (...words) => dynosim(words, { cwd: dir }),
    async dynos() {
      const headers = { Authorization: `Bearer ${readFileSync(tokenFile(), 'utf8').trim()}` };
      const answer = await fetch(`${ready.api}/apps/my-app/dynos`, { headers });
      const list = (await answer.json()) as readonly Dyno[];
      return Object.fromEntries(list.map((dyno) => [dyno.name, dyno]));
    },
  };
}

/** The secret of this test file's home. */
export function tokenFile(): string {
  return join(process.env.XDG_STATE_HOME ?? '', 'dynosim', 'token');
}

/** Runs independent commands at the same time. */
export async function expectEach(
  type: TwoTerminals['type'],
  cases: readonly (readonly [args: readonly string[], expected: object])[],
): Promise<void> {
  const finished = await Promise.all(cases.map(([args]) => type(...args)));
  expect(finished).toMatchObject(cases.map(([, expected]) => expected));
}

/** The output of a command that succeeded. */
export function done(stdout: string | RegExp, stderr: string | RegExp = '') {
  return { status: 0, stdout: matching(stdout), stderr: matching(stderr) };
}

/** The error of a command that failed: one line, and nothing on stdout. */
export function failed(message: string, status = 1) {
  return { status, stdout: '', stderr: `dynosim: ${message}\n` };
}

function matching(text: string | RegExp): unknown {
  return typeof text === 'string' ? text : expect.stringMatching(text);
}

/** Text without what differs from run to run: times, ports, memory, pids, and eco hours as either CLI prints them. */
export function steady(text: string): string {
  return text
    .replace(/^Eco dyno hours .*\(\d+%\)\nEco dyno usage .*\(\d+%\)\n/, '<hours>\n')
    .replace(
      /^Eco dyno hours: \d+h \d+m left this month \(\d+%\), \d+h \d+m used by this app\n$/m,
      '<hours>\n',
    )
    .replaceAll(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d [+-]\d{4} \(~ \d+s ago\)/g, '<when>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|\+00:00)/g, '<time>')
    .replaceAll(/port \d+/g, 'port <n>')
    .replaceAll(/\d+ of 512 MB/g, '<n> of 512 MB')
    .replaceAll(/Deploy [0-9a-f]{8}/g, 'Deploy <hash>');
}
