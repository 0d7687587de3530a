import { UserError } from '../base/errors.js';
import type { Exec } from '../dynos/exec.js';
import type { LiveRun } from '../dynos/live-run.js';
import { exitOfRun } from '../dynos/run.js';
import { lossyStream } from '../dynos/tee.js';
import type { Attachment } from './attachment.js';
import type { EndingSignal, Session } from './control.js';

/**
 * Attaches to a one-off dyno, which starts it.
 * @throws UserError `CANNOT_ATTACH` if another client has attached, or it is too late
 */
export async function openSession(attachment: Attachment): Promise<Session> {
  const { oneOff, output } = attachment;
  const isOver = (await Promise.race([oneOff.exited, undefined])) !== undefined;
  if (isOver || !attachment.attach())
    throw new UserError('CANNOT_ATTACH', `${oneOff.name} is not waiting for a client`);
  const signals: Readonly<Record<EndingSignal, () => void>> = {
    SIGINT: () => oneOff.run.signal('SIGINT'),
    SIGTERM: () => oneOff.stop(),
    SIGHUP: () => oneOff.hangUp(),
  };
  return {
    dyno: oneOff.name,
    output,
    input: oneOff.run.io.input,
    status: oneOff.exited.then(({ status }) => status),
    hasTerminal: oneOff.run.hasTerminal,
    resize: (size) => oneOff.run.resize(size),
    interrupt: () => oneOff.run.signal('SIGINT'),
    signal: (signal) => signals[signal](),
    async close() {
      output.destroy();
      if (oneOff.status !== 'down') oneOff.hangUp();
      await oneOff.exited;
    },
  };
}

/**
 * Attaches a guest to a run. Its output begins with the line that the run has not ended, such as a prompt.
 * @param dyno `web.1`
 */
export function attachGuest(dyno: string, run: LiveRun): Session {
  const output = lossyStream(run.io.output, run.lastWords.unfinishedLine);
  const input = run.io.openInput();
  let unsubscribe = (): void => {};
  const status = new Promise<number>((resolve) => {
    unsubscribe = run.onChange((state) => {
      if (state.status === 'gone') resolve(exitOfRun(state.end).status);
    });
  });
  return {
    dyno,
    output,
    input,
    status,
    hasTerminal: run.hasTerminal,
    resize: (size) => run.resize(size),
    interrupt: () => run.signal('SIGINT'),
    async close() {
      unsubscribe();
      output.destroy();
      input.destroy();
    },
  };
}

/** The session of the client for which a command runs beside a dyno. */
export function execSession(dyno: string, exec: Exec): Session {
  const { output, input, exited } = exec;
  return {
    dyno,
    output,
    input,
    status: exited.then(({ status }) => status),
    hasTerminal: exec.hasTerminal,
    resize: (size) => exec.resize(size),
    interrupt: () => exec.interrupt(),
    async close() {
      exec.hangUp();
      await exited;
    },
  };
}
