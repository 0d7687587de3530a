import { spawnSync } from 'node:child_process';
import { once } from 'node:events';

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
 * @param onResize told of every change of the terminal's size
 * @returns gives the user his terminal back
 */
export function takeTerminal(onResize: () => void): () => void {
  const { stdin } = process;
  const shown = shownAt();
  const takeAgain = (): void => {
    // Whoever stopped this process has left the terminal in another mode.
    stdin.setRawMode(false);
    makeRaw(stdin);
    onResize();
  };
  makeRaw(stdin);
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

/**
 * Node's raw mode goes on making CR LF of every LF, which the command's own terminal has done already, or was told
 * not to by a program that draws on it.
 */
function makeRaw(stdin: NodeJS.ReadStream): void {
  stdin.setRawMode(true);
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
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
