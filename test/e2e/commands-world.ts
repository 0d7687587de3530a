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
  /** Starts a command that goes on. */
  open(...args: readonly string[]): Dynosim;
  /** `ps --json`, by the dyno's name. */
  dynos(): Promise<Readonly<Record<string, PsDyno>>>;
}

/** What `ps --json` says of a dyno, as far as tests ask for it. */
interface PsDyno {
  readonly name: string;
  readonly state: string;
  readonly size: string;
  readonly pid: number;
  readonly port: number;
  readonly release: number;
  readonly command: string;
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
      const list = JSON.parse((await type('ps', '--json')).stdout) as readonly PsDyno[];
      return Object.fromEntries(list.map((dyno) => [dyno.name, dyno]));
    },
  };
}

/** What a command that did what it should has printed. */
export function done(stdout: string | RegExp, stderr: string | RegExp = '') {
  return { status: 0, stdout: matching(stdout), stderr: matching(stderr) };
}

/** What a command has printed that could not do what it should: one line, nothing on stdout. */
export function failed(message: string, status = 1) {
  return { status, stdout: '', stderr: `dynosim: ${message}\n` };
}

function matching(text: string | RegExp): unknown {
  return typeof text === 'string' ? text : expect.stringMatching(text);
}

/** Text without what differs from run to run: times, ports, memory, pids. */
export function steady(text: string): string {
  return text
    .replaceAll(/\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d [+-]\d{4} \(~ \d+s ago\)/g, '<when>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(?:Z|\+00:00)/g, '<time>')
    .replaceAll(/port \d+/g, 'port <n>')
    .replaceAll(/\d+ MB/g, '<n> MB')
    .replaceAll(/Deploy [0-9a-f]{8}/g, 'Deploy <hash>');
}
