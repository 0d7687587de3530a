import type { EndingSignal, Session } from '../../apps/control.js';
import { systemClock } from '../../base/clock.js';
import { note } from '../output.js';
import { takeTerminal, terminalSize, withPlainLines, write } from './terminal.js';

/** The exit status of a process that SIGHUP ended. */
const HUNG_UP = 129;

const CTRL_C = 3;

/** Pressing Ctrl-C this often leaves a command that ignores it, as with Heroku's CLI. */
const INSISTENT = { times: 4, withinMs: 1000 } as const;

/**
 * Connects a session with this process's stdin and stdout until the command ends, or the user leaves.
 * @param hasTerminal the command has a terminal, because the user is at one
 * @returns the exit status
 */
export async function converse(session: Session, hasTerminal: boolean): Promise<number> {
  const release = hasTerminal ? await takeTerminal(() => session.resize(terminalSize())) : () => {};
  const forget = passSignals(session, release);
  try {
    const left = hasTerminal ? passKeys(session) : passInput(session);
    return await Promise.race([left, showOutput(session, hasTerminal)]);
  } finally {
    release();
    forget();
    await session.close();
  }
}

async function showOutput({ output, status }: Session, hasTerminal: boolean): Promise<number> {
  const shown = hasTerminal && !process.stdout.isTTY ? withPlainLines(output) : output;
  for await (const data of shown) await write(data);
  return status;
}

/** Passes on stdin and its end. Never resolves: a command may go on without input. */
function passInput({ input }: Session): Promise<never> {
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

/** A signal gives the terminal back and ends this process, unless the session handles it. */
function passSignals(session: Session, release: () => void): () => void {
  const pass = (signal: EndingSignal): void => {
    if (session.signal) return session.signal(signal);
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
