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
  /** The folder of the user's certificate authority: `dataFolder()`. Created with the first TLS connection. */
  readonly folder: string;
  /** Called when TLS connections cannot be served, with the reason in a sentence or two; once per reason. */
  onProblem(problem: string): void;
}

export interface FrontOptions extends TlsOptions {
  /** Wall-clock ms. */
  readonly now: () => number;
  readonly handshakeMs: number;
  /** Called with the decrypted connection. */
  onSecure(socket: TLSSocket): void;
}

/** The most server names with cached certificates. Nobody has that many apps: more are an attack. */
const MAX_NAMES = 100;

const BELOW_LOCALHOST = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+localhost$/;

/** Performs TLS handshakes on raw connections. */
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

  /** The server never listens; it only performs handshakes. */
  #createServer(): Server {
    const { handshakeMs, onSecure } = this.#options;
    const options: TlsServerOptions = {
      handshakeTimeout: handshakeMs,
      ALPNProtocols: ['http/1.1'],
      SNICallback: (name, done) => done(null, this.#contextFor(name)),
    };
    // Node closes failed handshakes, but not slow ones.
    return createServer(options, onSecure).on('tlsClientError', (_, socket) => void socket.destroy());
  }

  /** undefined if the general certificate covers the name. */
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
