import type { EndingSignal, Session } from '../../apps/control.js';
import { systemClock } from '../../base/clock.js';
import { note } from '../output.js';
import { ScreenModes } from './screen-modes.js';
import { type TerminalMode, takeTerminal, terminalSize, withPlainLines, write } from './terminal.js';

/** The exit status of a process that SIGHUP ended. */
const HUNG_UP = 129;

const CTRL_C = 3;

/** Pressing Ctrl-C this often leaves a command that ignores it, as with Heroku's CLI. */
const INSISTENT = { times: 4, withinMs: 1000 } as const;

/** How a user takes part in a session. */
export interface Manner {
  /** How the user's terminal is read; undefined: stdin is no terminal, or read as a pipe. */
  readonly mode: TerminalMode | undefined;
  /** Passes on stdin. Resolves with an exit status when the user leaves, or the terminal is gone. */
  passInput(session: Session): Promise<number>;
  /** Handles a signal to this process. Otherwise, it ends the process. @returns whether it has */
  onSignal(session: Session, signal: EndingSignal): boolean;
}

/**
 * How the user takes part in a command that runs for them.
 * @param hasTerminal the command has a terminal, because the user is at one
 */
export function ownManner(hasTerminal: boolean): Manner {
  return {
    mode: hasTerminal ? 'raw' : undefined,
    passInput: hasTerminal ? passKeys : passPipe,
    onSignal(session, signal) {
      session.signal?.(signal);
      return session.signal !== undefined;
    },
  };
}

/**
 * Connects a session with this process's stdin and stdout until the command ends, or the user leaves.
 * @returns the exit status
 */
export async function converse(session: Session, manner: Manner): Promise<number> {
  const { mode } = manner;
  const screen = new ScreenModes();
  const terminal = mode && (await takeTerminal(mode, () => session.resize(terminalSize())));
  const giveBack = (): void => {
    if (terminal && process.stdout.isTTY) process.stdout.write(screen.undo());
    terminal?.giveBack();
  };
  const watch = (data: Buffer): void => {
    screen.take(data);
    if (process.stdout.isTTY) terminal?.bequeath(screen.undo());
  };
  const forget = passSignals(session, manner, giveBack);
  const leaving = new AbortController();
  const left = manner.passInput(session).finally(() => leaving.abort());
  try {
    return await Promise.race([left, showOutput(session, mode, watch, leaving.signal)]);
  } finally {
    giveBack();
    forget();
    await session.close();
  }
}

/**
 * @param watch called with what is about to be shown
 * @param leaving aborted when the user leaves: what comes later would stand behind the last message
 */
async function showOutput(
  { output, status }: Session,
  mode: TerminalMode | undefined,
  watch: (data: Buffer) => void,
  leaving: AbortSignal,
): Promise<number> {
  const shown = mode === 'raw' && !process.stdout.isTTY ? withPlainLines(output) : output;
  for await (const data of shown) {
    if (leaving.aborted) break;
    watch(data);
    await write(data);
  }
  return status;
}

/** Passes on stdin and its end. Never resolves: a command may go on without input. */
export function passPipe({ input }: Session): Promise<never> {
  process.stdin.on('error', () => input.end());
  process.stdin.pipe(input);
  return new Promise(() => {});
}

/** Passes on what is typed. Resolves with an exit status when the user leaves, or the terminal is gone. */
function passKeys({ input }: Session): Promise<number> {
  const { stdin } = process;
  return new Promise((resolve) => {
    const hangUp = (): void => resolve(HUNG_UP);
    const isInsistent = createInsistence();
    stdin.on('data', (keys: Buffer) => {
      if (!isInsistent(keys)) return;
      note('\r\ndynosim: forcing dyno disconnect');
      resolve(1);
    });
    stdin.once('end', hangUp).once('error', hangUp).pipe(input, { end: false });
  });
}

function createInsistence(): (keys: Buffer) => boolean {
  let pressedAt: readonly number[] = [];
  return (keys) => {
    const now = systemClock.now();
    const pressed = keys.every((key) => key === CTRL_C) ? keys.length : 0;
    pressedAt = [...pressedAt.filter((at) => now - at < INSISTENT.withinMs), ...Array(pressed).fill(now)];
    return pressedAt.length >= INSISTENT.times;
  };
}

const ENDING: readonly EndingSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A signal gives the terminal back and ends this process, unless it is handled. */
function passSignals(session: Session, manner: Manner, release: () => void): () => void {
  const pass = (signal: EndingSignal): void => {
    if (manner.onSignal(session, signal)) return;
    release();
    forget();
    process.kill(process.pid, signal);
  };
  const forget = (): void => {
    for (const signal of ENDING) process.off(signal, pass);
  };
  for (const signal of ENDING) process.on(signal, pass);
  return forget;
}
