import type { Writable } from 'node:stream';
import type { EndingSignal, Session } from '../../apps/control.js';
import { systemClock } from '../../base/clock.js';
import { type AppFlags, connect } from '../connect.js';
import { action, appName, note } from '../output.js';
import { converse, type Manner, passPipe } from './converse.js';
import { DetachKeys } from './detach-keys.js';

/**
 * Attaches to a dyno until the user detaches, or the dyno's run ends.
 * @param dyno `web.1`
 * @returns 0 if the user has detached, otherwise the exit status of the run
 * @throws UserError `NOT_RUNNING`, `AMBIGUOUS_APP`, `NO_SUCH_DYNO`, `NO_PROCESS`, `DYNOSIM_GONE`
 */
export async function attachToRunning(dyno: string, flags: AppFlags): Promise<number> {
  const { app } = await connect(flags);
  const isAtTerminal = process.stdin.isTTY;
  const session = await action(`Attaching to ${dyno} on ${appName(app)}`, () => app.attach(dyno));
  if (isAtTerminal) note('Ctrl-] or ~. detaches, Ctrl-C goes to the dyno.');
  let hasDetached = false;
  const passKeys = async (): Promise<number> => {
    await untilDetached(session);
    await sent(session.input);
    hasDetached = true;
    return 0;
  };
  const mode = session.hasTerminal ? 'raw' : 'lines';
  const manner = isAtTerminal ? ({ mode, onSignal, passInput: passKeys } as const) : PIPED;
  const status = await converse(session, manner);
  note(hasDetached ? `\nDetached from ${dyno}, which goes on.` : `${dyno} has ended with status ${status}.`);
  return status;
}

/** Ctrl-C at the user's terminal is for the dyno. */
function onSignal(session: Session, signal: EndingSignal): boolean {
  if (signal === 'SIGINT') session.interrupt();
  return signal === 'SIGINT';
}

const PIPED: Manner = { mode: undefined, passInput: passPipe, onSignal: () => false };

/** How much may be typed ahead of a dyno that does not read. */
const MAX_AHEAD_BYTES = 1024 * 1024;

/** Passes on what is typed. Resolves when the user detaches, ends the input (Ctrl-D), or the terminal is gone. */
function untilDetached({ input }: Session): Promise<void> {
  const { stdin } = process;
  const detachKeys = new DetachKeys();
  return new Promise((resolve) => {
    stdin.on('data', (keys: Buffer) => {
      const { passed, detaches } = detachKeys.read(keys);
      // Always read on: the user must be able to detach from a dyno that does not read.
      if (passed.length > 0 && input.writableLength < MAX_AHEAD_BYTES) input.write(passed);
      if (detaches) resolve();
    });
    stdin.once('end', resolve).once('error', () => resolve());
  });
}

/** How long keys typed before detaching have to reach the dyno. */
const LAST_KEYS_MS = 500;

/** Resolves when the dyno has been sent all input, or is not reading it. */
function sent(input: Writable): Promise<void> {
  if (input.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = systemClock.after(LAST_KEYS_MS, resolve);
    // An empty write is taken after all before it.
    input.write('', () => {
      cancel();
      resolve();
    });
  });
}
