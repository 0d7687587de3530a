import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, start } from '../helpers/dynosim.js';

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

type Check = (app: ReturnType<typeof start>, url: string) => Promise<void>;

describe('the example', () => {
  test.for(readdirSync(EXAMPLES))('%s runs, answers and ends', async (name, { skip }) => {
    const example = RUNS[name];
    if (!example) throw new Error(`No test runs examples/${name}`);
    const { needs, env = {}, check } = example;
    if (needs && !needs[1]) return skip(`it needs ${needs[0]}`);
    const app = start(join(EXAMPLES, name), [], { env: { PATH, ...env } });
    const { router } = await app.ready();
    await check(app, router);
    expect(await app.finished).toMatchObject({ status: 0 });
  });
});
