import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Attachments } from '../../../src/api/attach/attachments.js';
import type { HostControl } from '../../../src/api/control.js';
import { createGitRoutes } from '../../../src/api/git.js';
import { startControlServer } from '../../../src/api/server/server.js';
import { systemClock } from '../../../src/base/clock.js';
import { type Finished, loadPrograms } from '../../../src/base/process.js';
import { BuildQueue } from '../../../src/git/build-queue.js';
import { Git } from '../../../src/git/git.js';
import type { GitHost, Push } from '../../../src/git/host.js';
import { Repository } from '../../../src/git/repository.js';
import { GitServer } from '../../../src/git/server.js';
import { makeFolder } from '../../helpers/folder.js';

/** A host whose apps are `demo` and `other`, and which takes every push. */
class FakeHost implements GitHost {
  readonly pushes: Push[] = [];
  readonly repositories: ReadonlyMap<string, Repository>;
  /** What comes of a push. */
  build: (push: Push) => boolean | Promise<boolean> = () => true;

  constructor(repositories: ReadonlyMap<string, Repository>) {
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
  readonly port: number;
  readonly bugs: unknown[];
  /** `http://127.0.0.1:PORT/NAME.git` with a password. */
  url(app?: string): string;
}

/** Only git's routes are asked. */
const NOBODY = {} as HostControl;

/** Serves repositories over plain HTTP with the token `secret`. */
export async function startGit(path = process.env.PATH ?? ''): Promise<GitWorld> {
  const dir = makeFolder();
  const git = new Git(path, join(dir, 'hooks'));
  const apps = ['demo', 'other'];
  const open = apps.map((app) => Repository.open(join(dir, 'apps', app, 'repo.git'), git, systemClock));
  const repositories = await Promise.all(open);
  const host = new FakeHost(
    new Map(apps.flatMap((app, n) => (repositories[n] ? [[app, repositories[n]] as const] : []))),
  );
  const bugs: unknown[] = [];
  const onBug = (error: unknown): void => void bugs.push(error);
  const server = new GitServer({ host, queue: new BuildQueue(), onBug });
  const api = await startControlServer({
    preferredPort: undefined,
    isPortGiven: false,
    token: 'secret',
    control: NOBODY,
    routes: createGitRoutes(server),
    attachments: new Attachments(systemClock),
    clock: systemClock,
    onBug,
  });
  onTestFinished(() => api.close());
  const url = (app = 'demo'): string => `http://me:secret@127.0.0.1:${api.port}/${app}.git`;
  return { host, git, server, port: api.port, bugs, url };
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
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
      ...Object.fromEntries(
        ['AUTHOR', 'COMMITTER'].flatMap((who) => [
          [`GIT_${who}_NAME`, 'Ada'],
          [`GIT_${who}_EMAIL`, 'ada@example.com'],
        ]),
      ),
    };
  }

  static async create(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Clone> {
    const clone = new Clone(makeFolder({ 'hello.txt': 'hello\n', ...files }));
    await clone.run('init', '--quiet', '--initial-branch=main');
    await clone.commit('first');
    return clone;
  }

  /** Runs git; what it prints on stderr is what its user reads. */
  async run(...args: readonly string[]): Promise<Finished> {
    const { run } = await loadPrograms();
    return run(['git', ...args], { cwd: this.dir, env: { ...this.#env } }).finished;
  }

  /** Commits all there is. @returns its name */
  async commit(message: string): Promise<string> {
    await this.run('add', '--all');
    await this.run('commit', '--quiet', '--allow-empty', '--message', message);
    return this.revision('HEAD');
  }

  /** Commits a tree with `hello.txt` under another name, which git itself would refuse. */
  async commitTree(modeAndName: string): Promise<void> {
    const blob = Buffer.from(await this.revision('HEAD:hello.txt'), 'hex');
    const file = join(makeFolder({ tree: Buffer.concat([Buffer.from(`${modeAndName}\0`), blob]) }), 'tree');
    const hashed = await this.run('hash-object', '-t', 'tree', '-w', '--literally', file);
    const commit = await this.run('commit-tree', '-m', 'odd', hashed.stdout);
    await this.run('update-ref', 'refs/heads/main', commit.stdout);
  }

  async revision(name: string): Promise<string> {
    return (await this.run('rev-parse', name)).stdout;
  }
}
