import type { Clock } from '../../base/clock.js';
import type { Closers } from '../../base/closers.js';
import { formatDuration } from '../../base/duration.js';
import { Emitter } from '../../base/emitter.js';
import { errorMessage } from '../../base/errors.js';
import type { Host } from '../../host/host.js';
import type { FileHooks } from '../../logs/file-stream.js';
import type { Gate } from '../../logs/gate.js';
import { isReaderGone, type Output, openOutput, type StandardStream } from '../../logs/output.js';
import { createFormatter, type LogFormat, LogSink } from '../../logs/sinks.js';
import { folded } from '../output.js';
import { Ending } from './ending.js';
import { ignoresHangUp, readHangUpClues } from './hang-up.js';
import { endOnSignals } from './stop-signals.js';

/** How long the terminal may take for the last lines. */
const LAST_LINES_MS = 2000;

/** A graceful end that takes longer reports which dynos it waits for. */
const LONG_END_MS = 2000;

/** How long dynos may wait at the end for a blocked terminal; then their last output is discarded. */
const STUCK_TERMINAL_MS = 5000;

/** A command that runs until it is stopped: where it writes, and how it ends. */
export interface Foreground {
  readonly ending: Ending;
  readonly stdout: Output;
  /** Takes messages: on a terminal, their rows end at spaces. */
  readonly stderr: Pick<Output, 'write'>;
  /** Called when the log, a file, has a gap: its disk was full. */
  onGap(listener: () => void): void;
}

/**
 * Opens the outputs, and ends on signals and when nobody reads any more.
 * @param clock real time
 * @param limit keeps the log in a file small: see `limitLog`
 */
export function openForeground(closers: Closers, clock: Clock, limit?: () => void): Foreground {
  const ending = new Ending();
  const gaps = new Emitter();
  const isHangUpIgnored = ignoresHangUp(readHangUpClues());
  const open = (standard: StandardStream, hooks: FileHooks): Output => {
    const onClosed = (error: Error): void => {
      if (isReaderGone(error, standard)) {
        // A terminal that closes is no reason to end if SIGHUP is none.
        if (!standard.isTTY || !isHangUpIgnored) ending.decide(0);
        return;
      }
      // stderr may still work.
      process.stderr.write(`dynosim: The log cannot be written: ${errorMessage(error)}\n`);
      ending.decide(1);
    };
    const output = openOutput(standard, { clock, onClosed }, { onGap: () => gaps.emit(), ...hooks });
    closers.add(() => output.close({ timeoutMs: LAST_LINES_MS }));
    return output;
  };
  const [stdout, stderr] = [
    open(process.stdout, limit ? { beforePiece: limit } : {}),
    open(process.stderr, {}),
  ];
  // The terminal shows ^C at the cursor: start a new row for what follows.
  const onInterrupt = (): void => {
    if (process.stdin.isTTY && process.stdout.isTTY) stdout.write('\n');
  };
  closers.add(endOnSignals({ ending, clock, ignoresHangUp: isHangUpIgnored, onInterrupt }));
  const messages = { write: (text: string) => stderr.write(folded(text)) };
  return { ending, stdout, stderr: messages, onGap: (listener) => void gaps.subscribe(listener) };
}

/** Writes log entries to stdout in this format. */
export async function openSink(output: Output, format: LogFormat, color: boolean): Promise<LogSink> {
  const { stdout } = process;
  const terminal = stdout.isTTY ? stdout : undefined;
  return new LogSink(output, await createFormatter({ format, color, terminal }));
}

/** Stops everything gracefully, reports slow dynos, and does not wait for a blocked terminal for ever. */
export async function closeHost(host: Host, gate: Gate, clock: Clock, shutdownMs: number): Promise<void> {
  const timers = [
    clock.after(LONG_END_MS, () => remarkOnRemaining(host, shutdownMs)),
    clock.after(STUCK_TERMINAL_MS, () => gate.retire()),
  ];
  try {
    await host.close();
  } finally {
    for (const cancel of timers) cancel();
  }
}

/** Says in every app's log that the log has a gap. */
export function remarkOnGaps(host: Host, { onGap }: Foreground): void {
  onGap(() => host.remark('lines are missing in front of this one: the disk of this log was full'));
}

function remarkOnRemaining(host: Host, shutdownMs: number): void {
  const when = Number.isFinite(shutdownMs)
    ? `SIGKILL follows ${formatDuration(shutdownMs)} after SIGTERM, or at once with Ctrl-C where dynosim runs`
    : 'SIGKILL follows only with Ctrl-C where dynosim runs';
  for (const app of host.apps) {
    const names = app.supervisor.remaining();
    if (names.length > 0) app.remark(`waiting for ${names.join(', ')}: ${when}`);
  }
}
