import { readFileSync } from 'node:fs';
import getPort from 'get-port';
import { expect, test } from 'vitest';
import { dynosim } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { GIT_ENV } from '../helpers/git-env.js';
import { inBash } from './heroku-world.js';

/** What separates the outputs of two blocks. */
const MARK = '----8<----';

interface Block {
  readonly command: string;
  /** What the page shows; lines end at `…`. Undefined: it shows nothing. */
  readonly output?: string;
}

/** The commands of the page, one after the other. */
function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/```(sh|console)\n([\s\S]*?)```/g)].flatMap(([, kind, text = '']) => {
    if (kind === 'sh') return [{ command: text }];
    return text
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...output] = part.split('\n');
        return { command, output: output.join('\n').trim() };
      });
  });
}

/** Whether each line of the page is in the output, in that order. */
function shows(output: string, page: string): boolean {
  let rest = output.replace(/ +/g, ' ').split('\n');
  return page.split('\n').every((line) => {
    const [wanted = ''] = line.replace(/ +/g, ' ').split(' …');
    const at = rest.findIndex((said) =>
      line.includes('…') ? said.trim().startsWith(wanted) : said.trim() === wanted,
    );
    rest = rest.slice(at + 1);
    return at !== -1;
  });
}

test('docs/tutorial.md, from top to bottom', { timeout: 300_000 }, async () => {
  const [port, apiPort] = [await getPort(), await getPort()];
  const page = readFileSync(new URL('../../docs/tutorial.md', import.meta.url), 'utf8').replaceAll(
    ':5006',
    `:${port}`,
  );
  const [host, ...blocks] = blocksOf(page);
  expect(host?.command.trim()).toBe('dynosim host');
  const cwd = makeFolder();
  const flags = ['--port', String(port), '--api-port', String(apiPort), '--log-format', 'json'];
  await dynosim(['host', ...flags], { cwd }).ready();
  const script = blocks.map(({ command }) => `${command}\necho "${MARK}$?"`).join('\n');
  const { stdout, stderr } = await inBash(`${script} </dev/null`, {
    cwd,
    env: GIT_ENV,
  });
  const outputs = stdout.split(MARK);
  const wrong = blocks.flatMap(({ command, output = '' }, index) => {
    const said = (outputs[index] ?? '').replace(/^\d+\n/, '');
    const [status] = (outputs[index + 1] ?? '').split('\n');
    return status === '0' && shows(said, output) ? [] : [{ command, status, said, output }];
  });
  expect(wrong, stderr).toEqual([]);
});
