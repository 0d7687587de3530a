import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXAMPLES } from './dynosim.js';
import { makeFolder } from './folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** An example of a page of the documentation. */
export interface PageExample {
  /** The heading above it. */
  readonly title: string;
  readonly code: string;
  /** What the page shows below it; undefined: nothing. */
  readonly output: string | undefined;
}

/** The JavaScript of a page, in its order. */
export function examplesOf(page: string): readonly PageExample[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = text.matchAll(/^```js\n(?<code>.*?)^```\n(?:\n```text\n(?<output>.*?)^```\n)?/gms);
  return [...blocks].map(({ groups = {}, index }) => {
    const [, title = ''] = text.slice(0, index).match(/.*^##? ([^\n]*)$/ms) ?? [];
    return { title, code: groups.code ?? '', output: groups.output };
  });
}

/**
 * A folder in which the library can be imported.
 * @param apps copies of an example in it, by the name of the folder
 */
export function makeProject(apps: Readonly<Record<string, string>>): string {
  const dir = makeFolder({ 'node_modules/': '' });
  symlinkSync(ROOT, join(dir, 'node_modules/dynosim'));
  for (const [name, example] of Object.entries(apps)) {
    mkdirSync(join(dir, name));
    cpSync(join(EXAMPLES, example), join(dir, name), { recursive: true });
  }
  return dir;
}
