import type { Style } from '../base/style.js';

/** The colors of `heroku logs`. https://github.com/heroku/cli/blob/main/src/lib/run/colorize.ts */
const FIXED = [
  ['run', 'yellow'],
  ['router', 'green'],
  ['web', 'cyan'],
] as const;

/** For all other process types. Red is for errors. */
const FREE = [
  'magenta',
  'blue',
  'magentaBright',
  'yellowBright',
  'blueBright',
  'greenBright',
  'cyanBright',
] as const satisfies readonly Style[];

/** Chooses colors for process types by their names, so that a type keeps its color from start to start. */
export class TypeColors {
  readonly #colors = new Map<string, Style>(FIXED);

  /** If another type has the color, takes the next free one. */
  of(dyno: string): Style {
    const type = dyno.split('.', 1).join();
    const known = this.#colors.get(type);
    if (known) return known;
    const taken = new Set(this.#colors.values());
    const wanted = checksum(type) % FREE.length;
    const inTurn = [...FREE.slice(wanted), ...FREE.slice(0, wanted)];
    const color = inTurn.find((candidate) => !taken.has(candidate)) ?? FREE[wanted] ?? 'dim';
    this.#colors.set(type, color);
    return color;
  }
}

function checksum(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521, 0);
}
