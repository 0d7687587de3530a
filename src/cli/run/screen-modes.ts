const ESCAPE = String.fromCharCode(27);

/** Sequences that set modes of a terminal (`ESC [ ? 1049 h`), or how text looks (`ESC [ 1 ; 32 m`). */
const SEQUENCE = new RegExp(`${ESCAPE}\\[(?:\\?([\\d;]+)([hl])|([\\d;]*)m)`, 'g');
/** One that the next output may complete. */
const BEGINNING = new RegExp(`${ESCAPE}(?:\\[(?:\\?[\\d;]*|[\\d;]*))?$`);

/** Wrapping lines, and showing the cursor. All other modes are off in a terminal that nobody draws on. */
const USUALLY_ON: ReadonlySet<string> = new Set(['7', '25']);

/**
 * What output has changed of a terminal: its alternate screen, a hidden cursor, reports of the mouse, colors. Their
 * program may not be there to take it back, or its user may have left it.
 * https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
export class ScreenModes {
  readonly #changed = new Set<string>();
  #isStyled = false;
  #rest = '';

  take(data: Buffer): void {
    const text = this.#rest + data.toString('latin1');
    for (const [, modes, end, style] of text.matchAll(SEQUENCE)) {
      if (style !== undefined) this.#isStyled = !/^0*$/.test(style);
      for (const mode of modes?.split(';') ?? []) this.#set(mode, end === 'h');
    }
    this.#rest = BEGINNING.exec(text)?.[0] ?? '';
  }

  /** The output that makes the terminal as usual. */
  undo(): string {
    const modes = [...this.#changed].map((mode) => `${ESCAPE}[?${mode}${USUALLY_ON.has(mode) ? 'h' : 'l'}`);
    return [...(this.#isStyled ? [`${ESCAPE}[0m`] : []), ...modes].join('');
  }

  #set(mode: string, isOn: boolean): void {
    if (isOn === USUALLY_ON.has(mode)) this.#changed.delete(mode);
    else this.#changed.add(mode);
  }
}
