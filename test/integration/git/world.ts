import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Attachments } from '../../../src/api/attach/attachments.js';
import type { HostControl } from '../../../src/api/control.js';
import { createGitRoutes } from '../../../src/api/git.js';
import { startControlServer } from '../../../src/api/server/server.js';
import { type Clock, systemClock } from '../../../src/base/clock.js';
import { Emitter } from '../../../src/base/emitter.js';
import { type Finished, loadPrograms } from '../../../src/base/process.js';
import { isAtWorkIn } from '../../../src/dynos/proc.js';
import { BuildQueue } from '../../../src/git/build-queue.js';
import { Git } from '../../../src/git/git.js';
import type { GitHost, Push } from '../../../src/git/host.js';
import { Repository } from '../../../src/git/repository.js';
import { GitServer } from '../../../src/git/server.js';
import { makeFolder } from '../../helpers/folder.js';
import { GIT_ENV } from '../../helpers/git-env.js';

/** A host whose apps are `demo` and `other`, and which takes every push. */
class FakeHost implements GitHost {
  readonly pushes: Push[] = [];
  readonly repositories: Map<string, Repository>;
  /** What comes of a push. */
  build: (push: Push) => boolean | Promise<boolean> = () => true;

  constructor(repositories: Map<string, Repository>) {
    this.repositories = repositories;
  }

  async repositoryOf(app: string): Promise<Repository | undefined> {
    return this.repositories.get(app);
  }

  async receive(push: Push): Promise<boolean> {
    this.pushes.push(push);
    return this.build(push);
  }
}

export interface GitWorld {
  readonly host: FakeHost;
  readonly git: Git;
  readonly server: GitServer;
  readonly queue: BuildQueue;
  /** Where the hook is. */
  readonly hooks: string;
  readonly port: number;
  readonly bugs: unknown[];
  /** `http://127.0.0.1:PORT/NAME.git` with a password. */
  url(app?: string): string;
  /** What git sends when asked for a password. */
  readonly authorization: string;
  /** Resolves once no git works in a repository, and none has left anything there. */
  gitsGone(): Promise<void>;
  /** Sends a request unchanged. */
  ask(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: RequestInit['body'],
  ): Promise<Response>;
}

/** Only git's routes are asked. */
const NOBODY = {} as HostControl;

/** Serves repositories over plain HTTP with the token `secret`. */
export async function startGit({
  path = process.env.PATH ?? '',
  packBytes,
  clock = systemClock,
  dataFolder,
}: {
  readonly path?: string;
  readonly packBytes?: number;
  readonly clock?: Clock;
  /** Speaks TLS, too; the authority is in this folder. */
  readonly dataFolder?: string;
} = {}): Promise<GitWorld> {
  const dir = makeFolder();
  const hooks = join(dir, 'hooks');
  const git = new Git(path, hooks, packBytes);
  const apps = ['demo', 'other'];
  const open = apps.map((app) => Repository.open(join(dir, 'apps', app, 'repo.git'), git, systemClock));
  const repositories = await Promise.all(open);
  const host = new FakeHost(
    new Map(apps.flatMap((app, n) => (repositories[n] ? [[app, repositories[n]] as const] : []))),
  );
  const bugs: unknown[] = [];
  const onBug = (error: unknown): void => void bugs.push(error);
  const queue = new BuildQueue();
  const server = new GitServer({ host, queue, clock, onBug });
  const api = await startControlServer({
    preferredPort: undefined,
    isPortGiven: false,
    token: 'secret',
    instance: 'this',
    control: NOBODY,
    loadRoutes: async () => createGitRoutes(server),
    attachments: new Attachments(systemClock),
    clock: systemClock,
    ...(dataFolder !== undefined && { tls: { folder: dataFolder, onProblem: onBug, now: Date.now } }),
    onBug,
  });
  onTestFinished(async () => {
    await api.close();
    await server.close();
  });
  const url = (app = 'demo'): string => `http://me:secret@127.0.0.1:${api.port}/${app}.git`;
  const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  return {
    ...{ host, git, hooks, server, queue, port: api.port, bugs, url, authorization },
    async gitsGone() {
      const isBusy = ({ path }: Repository): boolean =>
        isAtWorkIn(path, 'git') || readdirSync(join(path, 'objects')).some((name) => name.startsWith('tmp_'));
      while ([...host.repositories.values()].some(isBusy))
        await new Promise((resolve) => setImmediate(resolve));
    },
    ask: (method, path, headers, body) =>
      fetch(`${api.url}${path}`, { method, headers, ...(body !== undefined && { body, duplex: 'half' }) }),
  };
}

interface Running {
  readonly finished: Promise<{ readonly status: number | null; readonly stderr: string }>;
  /** Sends a signal like a terminal: to git and all its children. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when git has printed it. */
  until(text: string): Promise<void>;
}

/** A user's folder under version control, with one commit on `main`. */
export class Clone {
  readonly dir: string;
  readonly #env: Readonly<Record<string, string>>;

  private constructor(dir: string) {
    this.dir = dir;
    this.#env = {
      PATH: process.env.PATH ?? '',
      HOME: makeFolder(),
      LC_ALL: 'C',
      ...GIT_ENV,
    };
  }

  static async create(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Clone> {
    const clone = new Clone(makeFolder({ 'hello.txt': 'hello\n', ...files }));
    await clone.run('init', '--quiet', '--initial-branch=main');
    await clone.commit('first');
    return clone;
  }

  /** Runs git. Its stderr is what the user reads. */
  async run(...args: readonly string[]): Promise<Finished> {
    const { run } = await loadPrograms();
    return run(['git', ...args], { cwd: this.dir, env: { ...this.#env } }).finished;
  }

  /** Runs git while the test looks on. */
  saying(...args: readonly string[]): Running {
    const child = spawn('git', args, {
      cwd: this.dir,
      env: { ...this.#env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const { pid } = child;
    if (pid === undefined) throw new Error('There is no git');
    let stderr = '';
    const said = new Emitter();
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      said.emit();
    });
    return {
      kill: (signal) => void process.kill(-pid, signal),
      finished: once(child, 'close').then(([status]) => ({ status, stderr })),
      async until(text) {
        while (!stderr.includes(text)) await said.next();
      },
    };
  }

  /** Commits all there is. @returns its name */
  async commit(message: string): Promise<string> {
    await this.run('add', '--all');
    await this.run('commit', '--quiet', '--allow-empty', '--message', message);
    return this.revision('HEAD');
  }

  /** Commits a tree that has one object by several names, such as git itself would refuse. */
  async commitTree(names: readonly string[], mode = '100644', object = 'HEAD:hello.txt'): Promise<void> {
    const id = Buffer.from(await this.revision(object), 'hex');
    const entries = names.flatMap((name) => [Buffer.from(`${mode} ${name}\0`), id]);
    const file = join(makeFolder({ tree: Buffer.concat(entries) }), 'tree');
    const hashed = await this.run('hash-object', '-t', 'tree', '-w', '--literally', file);
    const commit = await this.run('commit-tree', '-m', 'odd', hashed.stdout);
    await this.run('update-ref', 'refs/heads/main', commit.stdout);
  }

  async revision(name: string): Promise<string> {
    return (await this.run('rev-parse', name)).stdout;
  }
}
