import { formatDuration } from '../../base/duration.js';
import { inOneLine, type UserError } from '../../base/errors.js';
import type { CommandLine } from '../../base/process.js';
import type { Crash } from '../../dynos/dyno.js';
import { note } from '../output.js';
import type { FailOn } from '../start/fail-on.js';
import type { StartOptions } from '../start/options.js';
import type { KeptLog } from './kept-log.js';

/** How a `dynosim test` has ended. */
export type TestOutcome =
  /** The command has never run. */
  | { readonly at: 'not up'; readonly crash: Crash }
  | { readonly at: 'not up'; readonly error: UserError }
  /** A signal came before the command. */
  | { readonly at: 'interrupted'; readonly status: number }
  | {
      readonly at: 'over';
      /** Of the command. */
      readonly status: number;
      /** What has ended it, if it did not end by itself. */
      readonly because: EndCause | undefined;
      /** The system's error code if it could not be started. */
      readonly failure: string | undefined;
    };

export type EndCause = 'timeout' | 'crash';

/** As timeout(1) exits. */
const TIMED_OUT = 124;

interface Tested {
  readonly words: CommandLine;
  readonly options: StartOptions;
  /** When to print the app's log. */
  readonly logs: 'on-failure' | 'always' | 'never';
  readonly log: KeptLog;
  /** While the command ran. */
  readonly crashes: readonly Crash[];
  readonly failOn: FailOn;
  readonly timeoutMs: number;
}

/**
 * Prints to stderr what a reader of the command's own output does not know yet.
 * @returns the exit status
 */
export async function printReport(outcome: TestOutcome, tested: Tested): Promise<number> {
  const { logs, log, options } = tested;
  const { failure } = tested.failOn;
  const status = statusOf(outcome, tested) || (failure === undefined ? 0 : 1);
  if (logs === 'always' || (logs === 'on-failure' && status !== 0 && outcome.at !== 'interrupted'))
    process.stderr.write(await log.text(options.appName, options.logFormat, process.stderr));
  for (const line of remarks(outcome, tested)) note(`dynosim: ${line}`);
  if (failure !== undefined) note(`dynosim: ${failure}`);
  return status;
}

function statusOf(outcome: TestOutcome, { crashes }: Tested): number {
  if (outcome.at === 'not up') return 1;
  if (outcome.at === 'interrupted') return outcome.status;
  switch (outcome.because) {
    case 'timeout':
      return TIMED_OUT;
    case 'crash':
      // A dyno that ends with 0 has crashed, too.
      return crashes[0]?.exit.status || 1;
    default:
      return outcome.status;
  }
}

function remarks(outcome: TestOutcome, tested: Tested): readonly string[] {
  switch (outcome.at) {
    case 'not up':
      return [`${tested.options.appName} did not come up: ${reasonOf(outcome)}`];
    case 'interrupted':
      return [];
    case 'over':
      return [...crashRemarks(tested), ...endRemarks(outcome, tested)];
  }
}

function reasonOf(outcome: Extract<TestOutcome, { at: 'not up' }>): string {
  return 'crash' in outcome
    ? `${outcome.crash.dyno} exited with status ${outcome.crash.exit.status}`
    : inOneLine(outcome.error.message, outcome.error.hint);
}

function crashRemarks({ crashes }: Tested): readonly string[] {
  const lines = crashes.map(
    ({ dyno, exit }) => `${dyno} crashed while the command ran: status ${exit.status}`,
  );
  return [...new Set(lines)].map((line) => {
    const times = lines.filter((one) => one === line).length;
    return times === 1 ? line : `${line} (${times} times)`;
  });
}

function endRemarks(
  { because, failure }: Extract<TestOutcome, { at: 'over' }>,
  { words, timeoutMs }: Tested,
): readonly string[] {
  const what = words.join(' ');
  if (failure !== undefined) return [`${what} cannot be started: ${failure}`];
  switch (because) {
    case 'timeout':
      return [`${what} was ended: it took longer than --timeout ${formatDuration(timeoutMs)}`];
    case 'crash':
      return [`${what} was ended, as --exit-on-crash asks`];
    case undefined:
      return [];
  }
}
