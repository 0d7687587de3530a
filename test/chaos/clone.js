import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PUSHED = fileURLToPath(new URL('pushed', import.meta.url));
const WEB = fileURLToPath(new URL('app/web.js', import.meta.url));

/** Nothing takes nearly as long. */
const PATIENCE_MS = 60_000;

/** A user's folder of an app under version control. */
export class Clone {
  dir;
  #env;

  constructor(dir, env) {
    this.dir = dir;
    const who = { NAME: 'Ada', EMAIL: 'ada@example.com' };
    const people = ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(who).map(([key, value]) => [`GIT_${role}_${key}`, value]),
    );
    this.#env = { ...env, ...Object.fromEntries(people), GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  }

  /** @param {string} url the remote's */
  async create(url) {
    cpSync(PUSHED, this.dir, { recursive: true });
    cpSync(WEB, join(this.dir, 'web.js'));
    await this.git('init', '--quiet', '--initial-branch=main');
    await this.git('remote', 'add', 'heroku', url);
  }

  /** Writes this code, and commits it on top of what was pushed last. */
  async commit(code) {
    const fetched = await this.git('fetch', '--quiet', 'heroku', 'main');
    if (fetched.status === 0) await this.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
    this.write(code);
    await this.git('add', '--all');
    const { status, text } = await this.git('commit', '--quiet', '--message', code);
    if (status !== 0) throw new Error(`git commit failed: ${text}`);
  }

  write(code) {
    writeFileSync(join(this.dir, 'code'), `${code}\n`);
  }

  /** The name of the commit that was pushed last, and undefined if there is none. */
  async pushed() {
    const { text } = await this.git('fetch', '--quiet', 'heroku', 'main');
    if (/couldn't find remote ref/.test(text)) return undefined;
    return (await this.git('log', '-1', '--format=%s', 'FETCH_HEAD')).text.trim();
  }

  git(...args) {
    return this.start('git', ...args).ended;
  }

  push() {
    return this.start('git', 'push', 'heroku', 'main');
  }

  /** Starts a program in a process group of its own, as a terminal does. */
  start(program, ...args) {
    const child = spawn(program, args, {
      cwd: this.dir,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        text += chunk;
      });
    const kill = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        // It has ended.
      }
    };
    const late = setTimeout(() => {
      text += `\nIt has not ended after ${PATIENCE_MS} ms`;
      kill('SIGKILL');
    }, PATIENCE_MS);
    const ended = once(child, 'close').then(([status]) => {
      clearTimeout(late);
      return { status, text };
    });
    return { kill, ended };
  }
}
