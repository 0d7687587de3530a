import { existsSync, promises } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { UserError } from '../base/errors.js';
import { printable } from '../base/wording.js';
import { feed, relay, sendText } from './exchange.js';
import type { GitEnvironment, GitOptions, GitProcess } from './git.js';
import { HOOK_LINES, Hook } from './hook.js';
import { HookDoor } from './hook-door.js';
import { type Receiver, receive } from './receive.js';
import type { Repository } from './repository.js';

/** How long a pushing client may read nothing (Ctrl-Z) before it is disconnected, and the next push can build. */
const UNREAD_MS = 60_000;

/** How long a client may continue to send after it got the answer. */
const LINGER_MS = 10_000;

/** How long git processes may take to end when the server closes. */
const PATIENCE_MS = 1000;

/** A request for an app's repository. */
export interface GitRequest {
  readonly app: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Serves git's smart HTTP protocol with git's own programs. The caller has checked the client's access.
 * https://git-scm.com/docs/http-protocol
 */
export class GitServer {
  readonly #receiver: Receiver;
  /** Each running git, and how to end it. */
  readonly #running = new Map<GitProcess, () => void>();
  #isClosed = false;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  /**
   * `GET /NAME.git/info/refs`: lists the refs.
   * @param service from the client's request
   */
  async advertise(asked: GitRequest, service: string | null): Promise<void> {
    const name = service?.replace(/^git-/, '');
    if (name !== 'receive-pack' && name !== 'upload-pack')
      return sendText(asked.response, 403, '!\tdynosim: only the smart HTTP protocol is supported.\n');
    await this.#serve(asked, async (repository) => {
      const git = await this.#start(repository, [name, '--stateless-rpc', '--advertise-refs', '.'], {
        env: protocolOf(asked.request),
      });
      git.stdin.end();
      const line = `# service=git-${name}\n`;
      const head = `${(line.length + 4).toString(16).padStart(4, '0')}${line}0000`;
      await relay(git, asked.response, { type: `application/x-git-${name}-advertisement`, head });
    });
  }

  /** `POST /NAME.git/git-upload-pack`: a fetch. */
  async upload(asked: GitRequest): Promise<void> {
    await this.#serve(asked, async (repository) => {
      const git = await this.#start(repository, ['upload-pack', '--stateless-rpc', '.'], {
        env: protocolOf(asked.request),
      });
      asked.response.once('close', () => this.#running.get(git)?.());
      feed(asked.request, git.stdin, false);
      await relay(git, asked.response, { type: 'application/x-git-upload-pack-result' });
    });
  }

  /** `POST /NAME.git/git-receive-pack`: a push. Once it is received, it continues even if the client disconnects. */
  async receive(asked: GitRequest): Promise<void> {
    await this.#serve(asked, async (repository) => {
      const door = await HookDoor.open();
      try {
        await this.#receive(repository, asked, door);
      } finally {
        door.close();
      }
    });
  }

  async #receive(repository: Repository, { app, request, response }: GitRequest, door: HookDoor) {
    const git = await this.#start(repository, ['receive-pack', '--stateless-rpc', '.'], {
      env: { ...protocolOf(request), ...door.env },
      lines: HOOK_LINES,
    });
    const hook = new Hook(git.lines, door.lines, git.exited);
    const { shallow, cut } = feed(request, git.stdin, true);
    this.#running.set(git, () => {
      cut();
      hook.end(false);
    });
    const type = 'application/x-git-receive-pack-result';
    const patience = { clock: this.#receiver.clock, ms: UNREAD_MS };
    const pushed = { app, repository, shallow, gitExited: git.exited };
    await Promise.all([relay(git, response, { type, patience }), receive(hook, pushed, this.#receiver)]);
    const question = await hook.question;
    if (question) await this.#tidy(repository, question.incoming);
  }

  /** Removes what a killed git leaves, and lets git combine its packs after many pushes. */
  async #tidy(repository: Repository, { GIT_OBJECT_DIRECTORY: objects }: GitEnvironment): Promise<void> {
    if (objects !== undefined) await promises.rm(objects, { recursive: true, force: true });
    // The app may have been destroyed in the meantime.
    if (this.#isClosed || !existsSync(repository.path)) return;
    const git = await this.#start(repository, ['gc', '--auto', '--quiet']);
    git.stdin.end();
    git.stdout.resume();
    git.stderr.resume();
    await git.exited;
  }

  /** Resolves when every git that runs now has ended. */
  async allEnded(): Promise<void> {
    await Promise.all([...this.#running.keys()].map(({ exited }) => exited));
  }

  /** Ends every running git. No ref moves any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const running = [...this.#running];
    for (const [, end] of running) end();
    // A large pack takes a while. What git then leaves is removed at the next start.
    const cancel = this.#receiver.clock.after(PATIENCE_MS, () => {
      for (const git of this.#running.keys()) terminate(git);
    });
    await Promise.all(running.map(([{ exited }]) => exited));
    cancel();
  }

  async #serve(
    { app, request, response }: GitRequest,
    work: (repository: Repository) => Promise<void>,
  ): Promise<void> {
    try {
      const repository = await this.#receiver.host.repositoryOf(app);
      if (repository) await work(repository);
      else sendText(response, 404, `!\tNo such app as ${printable(app)}.\n`);
    } catch (error) {
      if (!(error instanceof UserError) || response.headersSent) throw error;
      sendText(response, 500, `!\tdynosim: ${error.message}. ${error.hint ?? ''}\n`);
    }
    this.#endSoon(request);
  }

  /** Disconnects a client that continues to send, after a moment in which it can read the answer. */
  #endSoon(request: IncomingMessage): void {
    if (request.complete || request.destroyed) return;
    request.once(
      'close',
      this.#receiver.clock.after(LINGER_MS, () => request.destroy()),
    );
  }

  async #start(repository: Repository, args: readonly string[], options?: GitOptions): Promise<GitProcess> {
    const git = await repository.start(args, options);
    this.#running.set(git, () => terminate(git));
    void git.exited.then(() => this.#running.delete(git));
    return git;
  }
}

/** Tells git which version of the protocol the client speaks. */
function protocolOf({ headers }: IncomingMessage): GitEnvironment {
  const protocol = headers['git-protocol'];
  return typeof protocol === 'string' ? { GIT_PROTOCOL: protocol } : {};
}

function terminate({ pid }: GitProcess): void {
  try {
    // The whole process group.
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has just ended.
  }
}
