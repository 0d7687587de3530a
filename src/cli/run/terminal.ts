import { once } from 'node:events';
import { loadPrograms } from '../../base/process.js';

/** The size of the terminal that shows the output, or a usual size if none does. */
export function terminalSize(): { readonly columns: number; readonly rows: number } {
  const shown = shownAt();
  return { columns: shown?.columns || 80, rows: shown?.rows || 24 };
}

function shownAt(): NodeJS.WriteStream | undefined {
  return [process.stdout, process.stderr].find(({ isTTY }) => isTTY);
}

/**
 * Sends every key to the command, even Ctrl-C and Ctrl-Z, which the command's own terminal turns into signals.
 * @param onResize called after every change of the terminal's size
 * @returns gives the terminal back to the user
 */
export async function takeTerminal(onResize: () => void): Promise<() => void> {
  const { runSync } = await loadPrograms();
  const { stdin } = process;
  const shown = shownAt();
  const makeRaw = (): void => {
    stdin.setRawMode(true);
    // Node's raw mode still turns LF into CR LF. The command's own terminal has done so already, unless a program that
    // draws on it has switched that off.
    runSync(['stty', '-opost'], { share: ['stdin'] });
  };
  const takeAgain = (): void => {
    // The shell that stopped this process has left the terminal in another mode.
    stdin.setRawMode(false);
    makeRaw();
    onResize();
  };
  makeRaw();
  process.on('SIGCONT', takeAgain);
  shown?.on('resize', onResize);
  // The size may have changed since the command was requested.
  onResize();
  return () => {
    stdin.setRawMode(false);
    process.off('SIGCONT', takeAgain);
    shown?.off('resize', onResize);
  };
}

/** Writes to stdout, no faster than it is read. */
export async function write(data: Buffer): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain');
}

/**
 * Turns the CR LF of a terminal's output into LF, for a file or another program, as Heroku's CLI does.
 */
export async function* withPlainLines(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held = '';
  for await (const data of output) {
    // One byte is one character, whatever the encoding.
    const text = held + data.toString('latin1');
    held = text.endsWith('\r') ? '\r' : '';
    yield Buffer.from(text.slice(0, text.length - held.length).replaceAll('\r\n', '\n'), 'latin1');
  }
  yield Buffer.from(held);
}
