import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as library from '../../src/index.js';
import { EXAMPLES } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');

/** Each example: the heading above it, its code, and the output shown below it. */
const EXAMPLES_OF_PAGE = [
  ...PAGE.matchAll(/^```js\n(?<code>.*?)^```\n\n```text\n(?<output>.*?)^```$/gms),
].map(({ groups = {}, index }) => ({
  title:
    PAGE.slice(0, index)
      .match(/^## .*$/gm)
      ?.at(-1)
      ?.slice('## '.length) ?? '',
  code: groups.code ?? '',
  output: groups.output ?? '',
}));

/** A folder with two apps, in which the library can be imported. */
function project(): string {
  const dir = makeFolder({ 'node_modules/': '' });
  symlinkSync(ROOT, join(dir, 'node_modules/dynosim'));
  for (const app of ['my-app', 'my-app-2']) {
    mkdirSync(join(dir, app));
    cpSync(join(EXAMPLES, 'node-web-worker'), join(dir, app), { recursive: true });
  }
  return dir;
}

describe('docs/library.md', () => {
  test('has no example without its output', () => {
    expect(EXAMPLES_OF_PAGE).toHaveLength(PAGE.match(/^```js$/gm)?.length ?? 0);
  });

  test('uses every function of the library', () => {
    const code = EXAMPLES_OF_PAGE.map((example) => example.code).join('\n');
    expect(Object.keys(library).filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
  });

  test.each(EXAMPLES_OF_PAGE)('$title: the example prints what is shown', async ({ code, output }) => {
    const dir = project();
    writeFileSync(join(dir, 'example.mjs'), code);
    const node = spawn(process.execPath, ['example.mjs'], { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void node.kill());
    const [printed, problems] = await Promise.all([
      text(node.stdout),
      text(node.stderr),
      once(node, 'close'),
    ]);
    expect({ printed, problems, status: node.exitCode }).toEqual({
      printed: output,
      problems: '',
      status: 0,
    });
  });
});
