import type { Clock } from '../../base/clock.js';
import { errorMessage } from '../../base/errors.js';
import { isReaderGone, type Output, openOutput, type StandardStream } from '../../logs/output.js';
import type { Ending } from './ending.js';

export interface OutputsOptions {
  readonly ending: Ending;
  /** Real time. */
  readonly clock: Clock;
  /** A terminal that closes is no reason to end. */
  readonly outlivesTerminal: boolean;
}

/** Opens stdout and stderr. dynosim ends when nobody reads them any more. */
export function openOutputs(options: OutputsOptions): { readonly stdout: Output; readonly stderr: Output } {
  return { stdout: open(process.stdout, options), stderr: open(process.stderr, options) };
}

function open(standard: StandardStream, { ending, clock, outlivesTerminal }: OutputsOptions): Output {
  const onClosed = (error: Error): void => {
    if (isReaderGone(error, standard)) {
      if (!standard.isTTY || !outlivesTerminal) ending.decide(0);
      return;
    }
    // stderr may still work.
    process.stderr.write(`dynosim: The log cannot be written: ${errorMessage(error)}\n`);
    ending.decide(1);
  };
  return openOutput(standard, { clock, onClosed });
}
