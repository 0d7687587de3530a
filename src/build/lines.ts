/** How the lines of a build look. */

const INDENT = '       ';

/** `-----> Installing dependencies` */
export function heading(text: string): string {
  return `-----> ${text}\n`;
}

/** Lines below a heading. */
export function details(...lines: readonly string[]): string {
  return lines.map((line) => (line === '' ? '\n' : `${INDENT}${line}\n`)).join('');
}

/** Lines that warn, or say why a build has failed. */
export function marked(...lines: readonly string[]): string {
  return lines.map((line) => ` !     ${line}\n`).join('');
}

/** The same with space around them, as the buildpacks print them. */
export function block(text: string): string {
  return `\n${marked(...text.split('\n'))}\n`;
}

/** A line of dynosim's own, which Heroku would not print. */
export function remark(text: string): string {
  return details(`dynosim: ${text}`);
}

/** A line of dynosim's own that warns, or tells how to mend what has failed. */
export function ownWarning(text: string): string {
  return marked(`dynosim: ${text}`);
}

/** Bytes as builds print them: `667B`, `1.7M`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes}B`;
  const isSmall = bytes < 1024 * 1024;
  return `${(bytes / (isSmall ? 1024 : 1024 * 1024)).toFixed(1)}${isSmall ? 'K' : 'M'}`;
}

/** Indents what a program prints, piece by piece as it comes. */
export class Indenter {
  readonly #write: (text: string) => void;
  #isAtStart = true;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  push(text: string): void {
    if (text === '') return;
    const first = this.#isAtStart && !text.startsWith('\n') ? INDENT : '';
    this.#write(first + text.replace(/\n(?=[^\n])/g, `\n${INDENT}`));
    this.#isAtStart = text.endsWith('\n');
  }

  /** Ends the last line, if the program has not. */
  end(): void {
    if (!this.#isAtStart) this.#write('\n');
    this.#isAtStart = true;
  }
}
