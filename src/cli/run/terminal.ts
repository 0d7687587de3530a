import { once } from 'node:events';
import { loadPrograms } from '../../base/process.js';

/** How large the terminal is that shows the output, or a usual one if none does. */
export function terminalSize(): { readonly columns: number; readonly rows: number } {
  const shown = shownAt();
  return { columns: shown?.columns || 80, rows: shown?.rows || 24 };
}

function shownAt(): NodeJS.WriteStream | undefined {
  return [process.stdout, process.stderr].find(({ isTTY }) => isTTY);
}

/**
 * Has every key go to the command, Ctrl-C and Ctrl-Z too, which its own terminal makes signals of.
 * @param onResize called after every change of the terminal's size
 * @returns gives the terminal back to the user
 */
export async function takeTerminal(onResize: () => void): Promise<() => void> {
  const { runSync } = await loadPrograms();
  const { stdin } = process;
  const shown = shownAt();
  const makeRaw = (): void => {
    stdin.setRawMode(true);
    // Node's raw mode goes on making CR LF of every LF, which the command's own terminal has done already, or was told
    // not to by a program that draws on it.
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
  // It may have changed since the command was asked for.
  onResize();
  return () => {
    stdin.setRawMode(false);
    process.off('SIGCONT', takeAgain);
    shown?.off('resize', onResize);
  };
}

/** Writes to stdout, no faster than somebody reads it. */
export async function write(data: Buffer): Promise<void> {
  if (!process.stdout.write(data)) await once(process.stdout, 'drain');
}

/**
 * The output of a terminal as a file or another program wants it, with lines that end as usual: Heroku's CLI does so,
 * too.
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
