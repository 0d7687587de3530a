import type { Socket } from 'node:net';
import {
  createSecureContext,
  createServer,
  type SecureContext,
  type SecureContextOptions,
  type Server,
  type TLSSocket,
  type TlsOptions as TlsServerOptions,
} from 'node:tls';
import { errorMessage, UserError } from '../base/errors.js';
import { type Authority, type Leaf, openAuthority } from './authority.js';

export interface TlsOptions {
  /** Where the user's certificate authority is kept: `dataFolder()`. It is made with the first TLS connection. */
  readonly folder: string;
  /** Called with the reason why TLS connections are closed, in a sentence or two; with each reason once. */
  onProblem(problem: string): void;
}

export interface FrontOptions extends TlsOptions {
  /** Wall-clock ms. */
  readonly now: () => number;
  /** So long a client may take to shake hands. */
  readonly handshakeMs: number;
  /** Gets what is inside: a connection that speaks HTTP. */
  onSecure(socket: TLSSocket): void;
}

/** Names of clients that have asked for one of their own. More of them than anybody's apps: an attack. */
const MAX_NAMES = 100;

const BELOW_LOCALHOST = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+localhost$/;

/** Makes TLS connections of raw ones. */
export class TlsFront {
  readonly #options: FrontOptions;
  readonly #contexts = new Map<string, SecureContext>();
  #authority: Authority | undefined;
  #leaf: Leaf | undefined;
  #server: Server | undefined;
  #lastProblem = '';

  constructor(options: FrontOptions) {
    this.#options = options;
  }

  /** @param socket paused, with the client's first bytes put back */
  take(socket: Socket): void {
    if (socket.destroyed) return;
    try {
      this.#freshServer().emit('connection', socket);
    } catch (error) {
      this.#report(error);
      socket.destroy();
    }
  }

  #freshServer(): Server {
    const { now, folder } = this.#options;
    const isFresh = this.#leaf !== undefined && now() < this.#leaf.renewAt;
    if (this.#server !== undefined && isFresh) return this.#server;
    this.#authority = openAuthority(folder, now());
    this.#leaf = this.#authority.leaf(now());
    this.#contexts.clear();
    this.#server ??= this.#createServer();
    this.#server.setSecureContext(credentials(this.#leaf));
    return this.#server;
  }

  /** It never listens: it only knows how to shake hands. */
  #createServer(): Server {
    const { handshakeMs, onSecure } = this.#options;
    const options: TlsServerOptions = {
      handshakeTimeout: handshakeMs,
      ALPNProtocols: ['http/1.1'],
      SNICallback: (name, done) => done(null, this.#contextFor(name)),
    };
    // Node closes what has failed, but not what takes too long.
    return createServer(options, onSecure).on('tlsClientError', (_, socket) => void socket.destroy());
  }

  /** undefined: the leaf is good enough. */
  #contextFor(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase();
    const known = this.#contexts.get(name);
    if (known !== undefined) return known;
    if (this.#authority === undefined || this.#leaf === undefined || !BELOW_LOCALHOST.test(name))
      return undefined;
    const leaf = this.#authority.leafFor(name, this.#leaf, this.#options.now());
    const context = createSecureContext(credentials(leaf));
    if (this.#contexts.size === MAX_NAMES) this.#contexts.clear();
    this.#contexts.set(name, context);
    return context;
  }

  #report(error: unknown): void {
    const why = error instanceof UserError ? [error.message, error.hint].join('. ') : errorMessage(error);
    const problem = `${why} Until then, connections with TLS are closed.`;
    if (problem !== this.#lastProblem) this.#options.onProblem(problem);
    this.#lastProblem = problem;
  }
}

function credentials({ key, certificate }: Leaf): SecureContextOptions {
  return { key, cert: certificate };
}
