import { once } from 'node:events';
import { loadPrograms, startHeir } from '../../base/process.js';

/** The size of the terminal that shows the output, or a usual size if none does. */
export function terminalSize(): { readonly columns: number; readonly rows: number } {
  const shown = shownAt();
  return { columns: shown?.columns || 80, rows: shown?.rows || 24 };
}

function shownAt(): NodeJS.WriteStream | undefined {
  return [process.stdout, process.stderr].find(({ isTTY }) => isTTY);
}

/**
 * How the user's terminal is read. `raw`: every key at once, even Ctrl-C and Ctrl-Z, which the command's own terminal
 * turns into signals. `lines`: as usual, for a command without a terminal of its own, but Ctrl-] ends a line as Enter
 * does.
 */
export type TerminalMode = 'raw' | 'lines';

/** The user's terminal, while it is taken. */
interface TakenTerminal {
  /** Gives it back to the user. */
  giveBack(): void;
  /** Says what gives its screen back, should this process be killed. */
  bequeath(undo: string): void;
}

/**
 * Takes the user's terminal. If this process is killed, a helper process gives it back.
 * @param onResize called after every change of the terminal's size
 */
export async function takeTerminal(mode: TerminalMode, onResize: () => void): Promise<TakenTerminal> {
  const { runSync } = await loadPrograms();
  const { stdin } = process;
  const shown = shownAt();
  const stty = (...args: readonly string[]): string =>
    runSync(['stty', ...args], { share: ['stdin'] }).stdout.trim();
  const set = (): void => {
    if (mode === 'lines') return void stty('eol', '^]');
    stdin.setRawMode(true);
    // Node's raw mode still turns LF into CR LF. The command's own terminal has done so already, unless a program that
    // draws on it has switched that off. A program that reads the output through a pipe needs the CR, if it prints here.
    if (process.stdout.isTTY) stty('-opost');
  };
  const reset = (): void => {
    if (mode === 'lines') stty(before);
    else stdin.setRawMode(false);
  };
  const takeAgain = (): void => {
    // The shell that stopped this process has left the terminal in another mode.
    if (mode === 'raw') stdin.setRawMode(false);
    set();
    onResize();
  };
  const before = stty('-g');
  let bequeathed = '';
  const heir = await startHeir(['sh', '-c', GIVE_BACK, 'sh', before]);
  set();
  heir.write('taken\n');
  process.on('SIGCONT', takeAgain);
  shown?.on('resize', onResize);
  // The size may have changed since the command was requested.
  onResize();
  return {
    giveBack() {
      reset();
      heir.end('given back\n');
      process.off('SIGCONT', takeAgain);
      shown?.off('resize', onResize);
    },
    bequeath(undo) {
      if (undo !== bequeathed) heir.write(`undo ${undo}\n`);
      bequeathed = undo;
    },
  };
}

/**
 * Gives the terminal on stdin back if the process at the other end of descriptor 3 is gone without having done so: its
 * screen, and its mode, unless somebody has changed that since, as shells do.
 */
const GIVE_BACK = [
  'undo=',
  'read -r _ <&3 || exec stty "$1"',
  'taken=$(stty -g)',
  'while read -r what sequences <&3; do',
  '  if [ "$what" != undo ]; then exit; fi',
  '  undo=$sequences',
  'done',
  'printf %s "$undo" >&0',
  'if [ "$(stty -g)" = "$taken" ]; then exec stty "$1"; fi',
].join('\n');

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
