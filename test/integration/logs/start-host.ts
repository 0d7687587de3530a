import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { Emitter } from '../../../src/base/emitter.js';
import { errorCode } from '../../../src/base/errors.js';

export interface StartedHost {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** The first event of this kind from the host, without its name. */
  readonly told: (word: string) => Promise<string>;
  /** The first `count` events. */
  readonly toldTimes: (word: string, count: number) => Promise<void>;
  readonly exitCode: Promise<number | null>;
}

export interface HostOptions {
  readonly linesPerDyno: number;
  /** A command that runs the host: the host's own words are appended to its. */
  readonly within?: readonly string[];
}

/** Starts the small host, bundled into a folder of its own. After the test all of it is ended and removed. */
export async function startHost({ linesPerDyno, within = [] }: HostOptions): Promise<StartedHost> {
  const host = [process.execPath, await bundle(), fixture('print-lines.js'), String(linesPerDyno)];
  const [command = '', ...args] = [...within, ...host];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  onTestFinished(() => endGroup(child.pid));
  const exitCode = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  return { child, exitCode, ...listen(child.stderr) };
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/logs/${name}`, import.meta.url));
}

async function bundle(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dynosim-logs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, 'small-host.mjs');
  await build({
    entryPoints: [fixture('small-host.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // pino is CommonJS, and requires Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

function listen(stderr: Readable): Pick<StartedHost, 'told' | 'toldTimes'> {
  const events: string[] = [];
  const news = new Emitter();
  let isOver = false;
  createInterface(stderr)
    .on('line', (event) => {
      events.push(event);
      news.emit();
    })
    .on('close', () => {
      isOver = true;
      news.emit();
    });
  const nth = async (word: string, count: number): Promise<string> => {
    for (;;) {
      const event = events.filter((one) => one.startsWith(word))[count - 1];
      if (event !== undefined) return event.slice(word.length).trim();
      if (isOver) throw new Error(`The host ended without "${word}": ${events.join(', ')}`);
      await new Promise<void>((resolve) => {
        const unsubscribe = news.subscribe(() => {
          unsubscribe();
          resolve();
        });
      });
    }
  };
  return {
    told: (word) => nth(word, 1),
    toldTimes: async (word, count) => {
      await nth(word, count);
    },
  };
}

/** The host leads a process group of its own: nothing in it may outlive the test. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
