import { once } from 'node:events';
import { errorCode } from '../base/errors.js';
import { type Style, styled } from '../base/style.js';
import { escapeControls } from '../base/wording.js';
import { wantsColor } from './color.js';
import { fold } from './fold.js';
import type { Layout } from './format/table.js';

/** Data goes to stdout. */
export function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}

export function printLines(lines: Iterable<string>): void {
  for (const line of lines) print(line);
}

export function printJson(value: unknown): void {
  print(escapeControls(JSON.stringify(value, undefined, 2)));
}

/** Prints text as it comes, no faster than the output is read. */
export async function printStream<T>(
  batches: AsyncIterable<readonly T[]>,
  format: (item: T) => string,
): Promise<void> {
  for await (const items of batches) {
    const lines = items.map(format).join('');
    if (!process.stdout.write(lines)) await once(process.stdout, 'drain');
  }
}

/** Resolves when all output is written: `process.exit` would discard the rest. */
export function printed(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => resolve());
  });
}

/** Ends the process quietly if nobody reads its output any more: `dynosim logs | head -1`. */
export function endWithReader(): void {
  const { stdout } = process;
  if (!stdout.listeners('error').includes(endWithoutReader)) stdout.on('error', endWithoutReader);
}

function endWithoutReader(error: Error): void {
  process.exit(errorCode(error) === 'EPIPE' ? 0 : 1);
}

/** Messages about a command go to stderr, so that data can be piped. */
export function note(line: string): void {
  process.stderr.write(folded(`${line}\n`));
}

/** Sentences that answer a command go to stdout; data is printed as it is. */
export function say(sentence: string): void {
  print(folded(sentence, process.stdout));
}

/** Messages as a stream shows them now: on a terminal, rows end at spaces. */
export function folded(text: string, stream: NodeJS.WriteStream = process.stderr): string {
  return fold(text, layout(stream).width);
}

/**
 * Does something and reports it, as Heroku's CLI does: `Scaling dynos... done, now running web at 2:Eco`.
 * Only a terminal shows the first half before the work is done: in a log this is one line, and a failure prints
 * nothing but its reason.
 * @param work gets a function that prints a line meanwhile
 * @param outcome the text after "done"
 * @param done replaces "done"
 */
export async function action<T>(
  doing: string,
  work: (say: (line: string) => void) => Promise<T>,
  outcome: (result: T) => string = () => '',
  done = 'done',
): Promise<T> {
  const { stderr } = process;
  if (stderr.isTTY) stderr.write(`${doing}... `);
  try {
    const say = (line: string) => stderr.write(stderr.isTTY ? `\n${line}\n${doing}... ` : `${line}\n`);
    const result = await work(say);
    const said = outcome(result);
    stderr.write(`${stderr.isTTY ? '' : `${doing}... `}${done}${said === '' ? '' : `, ${said}`}\n`);
    return result;
  } catch (error) {
    if (stderr.isTTY) stderr.write('!\n');
    throw error;
  }
}

/** How Heroku's CLI writes the name of an app, in pipes too. */
export function appName({ name }: { readonly name: string }): string {
  return `⬢ ${name}`;
}

/** A heading as Heroku's CLI prints it: `=== web (Eco): npm start (1)`. */
export function heading(text: string): string {
  return layout().heading(text);
}

/** Colors text for stdout, if it shows colors. */
export function paint(style: Style, text: string): string {
  return layout().paint(style, text);
}

/** Whether stdout shows colors. */
export function showsColor(): boolean {
  return wantsColor(process.stdout, process.env);
}

/** How stdout, or another stream, shows text. */
export function layout(stream: NodeJS.WriteStream = process.stdout, mayColor = true): Layout {
  const { isTTY, columns } = stream;
  const hasColor = mayColor && wantsColor(stream, process.env);
  const paint: Layout['paint'] = (style, text) => (hasColor ? styled(style, text) : text);
  return {
    heading: (text) => `${paint('dim', '===')} ${paint('bold', text)}`,
    paint,
    width: isTTY ? columns || 80 : Number.POSITIVE_INFINITY,
  };
}
