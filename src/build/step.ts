/** A build as data. `executor.ts` does what it says. */

import type { CommandLine } from '../base/process.js';

/** What to say of a command that has failed. */
export interface Failure {
  /** Printed by the command if this is the reason. Of several the first that fits counts. */
  readonly says?: RegExp;
  /** What Heroku prints. */
  readonly text: string;
  /** What can be done about it on one's own machine. */
  readonly remedy?: string;
}

export interface RunStep {
  readonly does: 'run';
  readonly command: CommandLine;
  /** Printed before it runs. */
  readonly heading?: string;
  /** Printed with the time that it took once it has succeeded: `Bundle completed`. */
  readonly done?: string;
  /** Beside the build's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly failures: readonly Failure[];
}

export type Step =
  | RunStep
  | { readonly does: 'print'; readonly text: string }
  /** Files are relative to the slug. */
  | { readonly does: 'write'; readonly file: string; readonly text: string }
  | { readonly does: 'remove'; readonly file: string }
  /** The steps depend on what those before have made. */
  | { readonly does: 'decide'; readonly steps: () => Promise<readonly Step[]> }
  | { readonly does: 'fail'; readonly failure: Failure };

export function print(...texts: readonly string[]): Step {
  return { does: 'print', text: texts.join('') };
}

export function run(
  command: CommandLine,
  failures: readonly Failure[],
  options: Pick<RunStep, 'heading' | 'done' | 'env'> = {},
): Step {
  return { does: 'run', command, failures, ...options };
}

export function fail(failure: Failure): Step {
  return { does: 'fail', failure };
}

export function decide(steps: () => Promise<readonly Step[]>): Step {
  return { does: 'decide', steps };
}
