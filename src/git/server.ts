import type { IncomingMessage, ServerResponse } from 'node:http';
import { printable } from '../base/wording.js';
import { feed, relay, sendText } from './exchange.js';
import type { GitOptions, GitProcess } from './git.js';
import { HOOK_LINES, Hook } from './hook.js';
import { HookDoor } from './hook-door.js';
import { type Receiver, receive } from './receive.js';
import type { Repository } from './repository.js';

/** What a git client asks of an app's repository. */
export interface GitRequest {
  readonly app: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Git's smart HTTP protocol, spoken by git's own programs. Who may ask has been decided before.
 * https://git-scm.com/docs/http-protocol
 */
export class GitServer {
  readonly #receiver: Receiver;
  readonly #running = new Set<GitProcess>();

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  /**
   * `GET /NAME.git/info/refs`: what there is.
   * @param service as the client has sent it
   */
  async advertise(asked: GitRequest, service: string | null): Promise<void> {
    const name = service?.replace(/^git-/, '');
    if (name !== 'receive-pack' && name !== 'upload-pack')
      return sendText(asked.response, 403, '!\tdynosim: only the smart HTTP protocol is served.\n');
    await this.#serve(asked, async (repository) => {
      const git = await this.#start(repository, [name, '--stateless-rpc', '--advertise-refs', '.'], asked);
      git.stdin.end();
      const line = `# service=git-${name}\n`;
      const head = `${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`;
      await relay(git, asked.response, `application/x-git-${name}-advertisement`, head);
    });
  }

  /** `POST /NAME.git/git-upload-pack`: a fetch. */
  async upload(asked: GitRequest): Promise<void> {
    await this.#serve(asked, async (repository) => {
      const git = await this.#start(repository, ['upload-pack', '--stateless-rpc', '.'], asked);
      asked.response.once('close', () => this.#running.has(git) && end(git));
      feed(asked.request, git.stdin, false);
      await relay(git, asked.response, 'application/x-git-upload-pack-result');
    });
  }

  /** `POST /NAME.git/git-receive-pack`: a push. It goes on when the client leaves, once all of it is here. */
  async receive(asked: GitRequest): Promise<void> {
    await this.#serve(asked, async (repository) => {
      const door = await HookDoor.open();
      try {
        const lines = { env: door.env, lines: HOOK_LINES };
        const git = await this.#start(repository, ['receive-pack', '--stateless-rpc', '.'], asked, lines);
        const hook = new Hook(git.lines, door.lines, git.exited);
        feed(asked.request, git.stdin, true);
        const relayed = relay(git, asked.response, 'application/x-git-receive-pack-result');
        const pushed = { app: asked.app, repository, gitExited: git.exited };
        await Promise.all([relayed, receive(hook, pushed, this.#receiver)]);
      } finally {
        door.close();
      }
    });
  }

  /** Resolves when every git that runs now has ended. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running].map(({ exited }) => exited));
  }

  /** Ends every git that still runs: no ref moves any more. */
  async close(): Promise<void> {
    const running = [...this.#running];
    for (const git of running) end(git);
    await Promise.all(running.map(({ exited }) => exited));
  }

  async #serve(
    { app, response }: GitRequest,
    work: (repository: Repository) => Promise<void>,
  ): Promise<void> {
    const repository = await this.#receiver.host.repositoryOf(app);
    if (repository) await work(repository);
    else sendText(response, 404, `!\tNo such app as ${printable(app)}.\n`);
  }

  async #start(
    repository: Repository,
    args: readonly string[],
    { request: { headers } }: GitRequest,
    { env, lines = 0 }: GitOptions = {},
  ): Promise<GitProcess> {
    const protocol = headers['git-protocol'];
    const asked = typeof protocol === 'string' && { GIT_PROTOCOL: protocol };
    const git = await repository.start(args, { env: { ...env, ...asked }, lines });
    this.#running.add(git);
    void git.exited.then(() => this.#running.delete(git));
    return git;
  }
}

/** Ends git and what it has started; it removes what it has not finished. */
function end({ pid }: GitProcess): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}
