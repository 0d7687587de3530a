import { constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { Cancel, Clock } from '../../base/clock.js';
import type { LogFormat } from '../../logs/sinks.js';

/** How often a process that does not read looks whether it is in the foreground: a shell's `fg` sends it nothing. */
const LOOK_EVERY_MS = 1000;

/** Whether keys are read at all: only from people at a terminal. */
export function hasKeyboard(isTerminal: boolean, { CI = '' }: NodeJS.ProcessEnv, format: LogFormat): boolean {
  return isTerminal && ['', '0', 'false'].includes(CI) && format !== 'json';
}

export interface KeyboardOptions {
  /** Real time. */
  readonly clock: Clock;
  /** Whether the terminal is this process's to read. */
  isInForeground(): boolean;
  onLine(line: string): void;
}

/**
 * Reads lines from the terminal on stdin while this process is in the foreground of its shell. In the background the
 * terminal's input is the shell's: a process that tries to read it gets SIGTTIN, which stops it. So this lets go of the
 * terminal before Ctrl-Z stops the process, and looks again when it continues. The terminal's mode is never changed.
 */
export class Keyboard {
  readonly #options: KeyboardOptions;
  /** The terminal, opened again: another process's reads and modes stay as they are. */
  readonly #fd = openSync('/dev/fd/0', constants.O_RDONLY | constants.O_NOCTTY);
  #stream: ReadStream | undefined;
  #isOver = false;
  #cancelLook: Cancel = () => {};

  /** @throws the system's error if the terminal may not be opened: it belongs to another user */
  constructor(options: KeyboardOptions) {
    this.#options = options;
    process.on('SIGCONT', this.#look);
    this.#look();
  }

  close(): void {
    this.#isOver = true;
    this.#cancelLook();
    process.off('SIGCONT', this.#look);
    this.#letGo();
  }

  readonly #look = (): void => {
    this.#cancelLook();
    if (!this.#options.isInForeground()) this.#letGo();
    else if (!this.#stream) this.#listen();
    this.#lookLater();
  };

  #lookLater(): void {
    if (!this.#stream && !this.#isOver)
      this.#cancelLook = this.#options.clock.after(LOOK_EVERY_MS, this.#look);
  }

  #listen(): void {
    let typed = '';
    try {
      this.#stream = new ReadStream(this.#fd);
    } catch {
      // The terminal was closed.
      return this.close();
    }
    process.on('SIGTSTP', this.#suspend);
    this.#stream
      .setEncoding('utf8')
      .on('data', (text: string) => {
        const lines = (typed + text).split('\n');
        typed = lines.pop() ?? '';
        for (const line of lines) this.#options.onLine(line);
      })
      // Ctrl-D ends the stream, not the terminal.
      .on('end', () => {
        this.#letGo();
        this.#lookLater();
      })
      .on('error', () => this.close());
  }

  #letGo(): void {
    process.off('SIGTSTP', this.#suspend);
    this.#stream?.destroy();
    this.#stream = undefined;
  }

  /**
   * Lets go of the terminal, then sends itself SIGTSTP again, now without a handler: that stops the process if a shell can
   * continue it.
   */
  readonly #suspend = (): void => {
    this.#letGo();
    process.kill(process.pid, 'SIGTSTP');
    this.#lookLater();
  };
}
