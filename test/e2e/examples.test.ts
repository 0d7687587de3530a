import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import getPort from 'get-port';
import { WebSocket } from 'undici';
import { describe, expect, test } from 'vitest';
import { type Dynosim, dynosim, EXAMPLES, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { BIN } from './commands-world.js';

/** Debian's Python packages belong to its own Python, which may not be the first on PATH. */
const PATH = `/usr/bin:${process.env.PATH}`;

function has(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { env: { PATH }, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const hasFlask = has('python3', '-c', 'import flask');

/** Each example: what it needs, what its environment must have, and what answers. */
const RUNS: Readonly<
  Record<string, { needs?: [string, boolean]; env?: Record<string, string>; check: Check }>
> = {
  'node-web-worker': {
    async check(app, url) {
      expect(await (await fetch(`${url}/some/path`)).text()).toBe('Hello from web.1: GET /some/path\n');
      await app.printed(/"dyno":"worker.1","line":"Waiting for jobs"/);
      await app.printed(/"dyno":"clock.1","line":"It is /);
      expect((await app.stop('SIGINT')).stdout).toContain(
        '"dyno":"web.1","line":"Process exited with status 0"',
      );
    },
  },
  'sleepy-counter': {
    async check(app, url) {
      await app.printed(/"dyno":"clock.1","line":"Job 1 of this process"/);
      const page = openPage(await (await fetch(`${url}/page`)).text(), url);
      await page.shows('0');
      expect(await (await fetch(url)).text()).toBe('This process has counted to 1\n');
      await page.shows('1');
      await run(['ps:restart', 'web', '--dir', join(EXAMPLES, 'sleepy-counter')]);
      await page.shows('0');
      page.hide();
      await app.printed(/(?:status=101[\s\S]*){2}/);
      expect((await app.stop('SIGINT')).stdout).toContain(
        '"dyno":"web.1","line":"Process exited with status 0"',
      );
    },
  },
  'flask-uwsgi': {
    needs: ['uwsgi, uwsgi-plugin-python3 and python3-flask', has('uwsgi', '--version') && hasFlask],
    env: { UWSGI_PLUGIN: 'python3' },
    async check(app, url) {
      expect(await (await fetch(url)).text()).toMatch(/^Hello from web\.1, process \d+\n$/);
      await app.printed(/rss usage: \d+/);
      expect((await app.stop('SIGINT')).stdout).toContain('Process exited with status 0');
    },
  },
  'flask-gunicorn': {
    needs: ['gunicorn and python3-flask', has('gunicorn', '--version') && hasFlask],
    async check(app, url) {
      expect(await (await fetch(url)).text()).toMatch(/^Hello from web\.1, process \d+\n$/);
      await app.printed(/Booting worker/);
      expect((await app.stop('SIGINT')).stdout).toContain('Process exited with status 0');
    },
  },
};

/** An element that reports changes of its text. */
class Output extends EventTarget {
  #text = '';

  get textContent(): string {
    return this.#text;
  }

  set textContent(text: string) {
    this.#text = text;
    this.dispatchEvent(new Event('change'));
  }
}

/** The parts of a browser that the script of sleepy-counter's page uses. */
function openPage(html: string, url: string) {
  const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html) ?? [];
  const output = new Output();
  const elements: Readonly<Record<string, object>> = { output, em: {}, button: {} };
  const document = Object.assign(new EventTarget(), {
    hidden: false,
    querySelector: (name: string) => elements[name],
  });
  runInNewContext(script, { document, location: new URL(url), WebSocket, setTimeout });
  return {
    async shows(text: string) {
      while (output.textContent !== text) await once(output, 'change');
    },
    hide() {
      document.hidden = true;
      document.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

type Check = (app: Dynosim, url: string) => Promise<void>;

describe('the example', () => {
  // These have tests of their own: example-addons.test.ts, doctor-app.test.ts, ci.test.ts, testing.test.ts.
  const others = ['flask-postgres', 'node-postgres-redis', 'doctor', 'ci', 'vitest-sleep'];
  test.for(readdirSync(EXAMPLES).filter((name) => !others.includes(name)))(
    '%s runs, answers and ends',
    async (name, { skip }) => {
      const example = RUNS[name];
      if (!example) throw new Error(`No test runs examples/${name}`);
      const { needs, env = {}, check } = example;
      if (needs && !needs[1]) return skip(`it needs ${needs[0]}`);
      const app = start(join(EXAMPLES, name), [], { env: { PATH, ...env } });
      const { router } = await app.ready();
      await check(app, router);
      expect(await app.finished).toMatchObject({ status: 0 });
    },
  );
});

describe("sleepy-counter's README", () => {
  test('shows what its commands print', async () => {
    // A copy, because the folder may be in use.
    const dir = makeFolder();
    cpSync(join(EXAMPLES, 'sleepy-counter'), dir, { recursive: true });
    const port = String(await getPort());
    const readme = readFileSync(join(dir, 'README.md'), 'utf8').replaceAll('5006', port);
    const [first, ...others] = [...readme.matchAll(/```console\n\$ (.*)\n([\s\S]*?)```/g)].map(
      ([, command = '', output = '']) => ({ command, output }),
    );
    expect(first?.command).toBe('dynosim start');
    expect(others).toHaveLength(4);
    const app = dynosim(['start', '--app', 'sleepy-counter'], { cwd: dir, env: { PORT: port } });
    await app.printed(/heroku\[web\.1\]: State changed from starting to up/);
    expect(app.stderr).toContain(first?.output);
    for (const { command, output } of others)
      expect(withoutTimes(await printedBy(command, dir))).toBe(withoutTimes(output));
    await app.stop();
  });
});

/** The output of a command on a terminal, without curl's progress. */
async function printedBy(command: string, cwd: string): Promise<string> {
  const line = command.startsWith('curl') ? command : `${command.replace(/^dynosim/, BIN)} 2>&1`;
  return (await promisify(execFile)('bash', ['-c', line], { cwd })).stdout;
}

/** Without what differs from run to run, and the widths that depend on it. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d+\.\d+(\.\d+)?/g, '<n>')
    .replaceAll(/\d\d:\d\d:\d\d/g, '<time>')
    .replaceAll(/ 1m\d*s? /g, ' <slept> ')
    .replaceAll(/[▒█·]{2,}/g, '<bar>')
    .replaceAll(/─+/g, '<rule>')
    .replaceAll(/ +/g, ' ');
}
