import { once } from 'node:events';
import { createWriteStream, readFileSync, statSync } from 'node:fs';
import { type Exit, startForGood } from '../../base/process.js';
import { unusable } from '../../base/record-file.js';

/** How often to look whether it is ready. */
export const LOOK_EVERY_MS = 20;

/** This command line as a process of its own, which continues after this one. */
export interface Background {
  readonly pid: number;
  /** Resolves if it ends while this process runs. */
  readonly exited: Promise<Exit>;
  /** What it has printed. */
  printed(): string;
}

/**
 * Runs this command again in the background: it gets `--in-background`.
 * @param log gets its output, after what is there
 * @throws UserError `STATE_UNUSABLE` if the log cannot be written
 */
export async function startAgain(log: string): Promise<Background> {
  const [node = 'node', script = '', name = '', ...args] = process.argv;
  const begin = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const output = createWriteStream(log, { flags: 'a', mode: 0o600 });
  await once(output, 'open').catch((error: unknown) => {
    throw unusable(log, error);
  });
  try {
    const command = [node, ...process.execArgv, script, name, '--in-background', ...args] as const;
    const started = await startForGood(command, output);
    return { ...started, printed: () => readFileSync(log).subarray(begin).toString() };
  } finally {
    output.destroy();
  }
}

/** Why a dynosim has ended: its error, if need be that of a bug without its stack, or else the last line it printed. */
export function lastWords({ printed }: Pick<Background, 'printed'>): string {
  const lines = printed().trim().split('\n');
  const error = lines.findLast((line) => line.startsWith('dynosim: '))?.slice('dynosim: '.length);
  const bug = lines.findLast((line) => /^\w*Error\b/.test(line));
  return error ?? bug ?? (lines.at(-1) || 'it ended at once');
}
