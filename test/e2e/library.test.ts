import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as library from '../../src/index.js';
import { examplesOf, makeProject } from '../helpers/page-examples.js';

const PAGE = examplesOf('docs/library.md');

describe('docs/library.md', () => {
  test('has no example without its output', () => {
    expect(PAGE.filter(({ output }) => output === undefined)).toEqual([]);
  });

  test('uses every function of the library', () => {
    const code = PAGE.map((example) => example.code).join('\n');
    expect(Object.keys(library).filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([]);
  });

  test.each(PAGE)('$title: the example prints what is shown', async ({ code, output }) => {
    const dir = makeProject({ 'my-app': 'node-web-worker', 'my-app-2': 'node-web-worker' });
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
