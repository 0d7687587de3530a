import type { Clock } from '../../base/clock.js';
import type { Backend } from '../backends.js';
import type { Deadline, Deadlines } from '../deadlines.js';
import { REUSE_LIMITS } from '../limits.js';
import { DynoConnection } from './connection.js';
import type { Llhttp } from './llhttp.js';
import { createDynoSocket, type DynoSocket, READ_BUFFER_BYTES } from './socket.js';

/** A dyno refused a connection, or did not accept it in time. */
export interface ConnectFailure {
  readonly kind: 'refused' | 'timeout';
  /** The time from the attempt to its failure. */
  readonly ms: number;
}

export type ConnectResult =
  | { readonly kind: 'connected'; readonly connection: DynoConnection }
  | ConnectFailure;

interface Spare {
  readonly connection: DynoConnection;
  readonly since: number;
  /** When it expires: the dyno is about to close it, or it has been idle long enough. */
  readonly until: number;
}

export interface PoolOptions {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  /** Called when a connection is made, because the parser takes a moment to load. */
  readonly llhttp: () => Llhttp;
  readonly connectMs: number;
  /** How long a spare connection is kept; 0: not at all. */
  readonly keepAliveMs: number;
}

/**
 * The connections to the dynos of one app. Each run has a stack of spare connections, as in Router 2.0:
 * https://devcenter.heroku.com/articles/http-routing#keepalives
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #sockets = new Set<DynoSocket>();
  readonly #spares = new Map<string, Spare[]>();
  readonly #buffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  readonly #sweep: Deadline;
  #isListed: (backend: Backend) => boolean = () => true;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#sweep = options.deadlines.create(() => this.#closeExpired());
  }

  /**
   * A usable spare connection, if there is one. A dyno may close a spare connection at the moment it is taken, which
   * does not matter to a repeatable request. Any other request needs a connection that the dyno has just announced to
   * keep open; failing that, the caller opens a new connection in place of the spare one closed here.
   */
  take(backend: Backend, isRepeatable: boolean): DynoConnection | undefined {
    const spares = this.#spares.get(backend.id);
    const now = this.#options.clock.now();
    for (let top = spares?.pop(); top !== undefined; top = spares?.pop()) {
      const { connection } = top;
      const isFresh = connection.announcedMs !== undefined && now - top.since <= REUSE_LIMITS.recentMs;
      if (now < top.until && (isRepeatable || isFresh)) return connection;
      connection.destroy();
      if (!isRepeatable) return undefined;
    }
    return undefined;
  }

  #give(connection: DynoConnection): void {
    const { clock, keepAliveMs } = this.#options;
    const { announcedMs = Number.POSITIVE_INFINITY, backend } = connection;
    const ms = Math.min(keepAliveMs, announcedMs - REUSE_LIMITS.marginMs);
    if (ms <= 0 || !connection.isReusable || !this.#isListed(backend)) return connection.destroy();
    const now = clock.now();
    const entry = { connection, since: now, until: now + ms };
    this.#sparesOf(backend).push(entry);
    connection.rest(() => this.#forget(entry));
    if (!this.#sweep.isRunning) this.#sweep.start(ms);
  }

  connect(backend: Backend): Promise<ConnectResult> {
    const { clock, deadlines, llhttp, connectMs } = this.#options;
    const giveBack = (connection: DynoConnection): void => this.#give(connection);
    const startedAt = clock.now();
    const socket = createDynoSocket(this.#buffer).connect({ host: backend.host, port: backend.port });
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    return new Promise((resolve) => {
      const settle = (result: (ms: number) => ConnectResult): void => {
        socket.off('connect', onConnect).off('close', onClose);
        deadline.stop();
        resolve(result(clock.now() - startedAt));
      };
      const onConnect = (): void =>
        settle((connectMs) => ({
          kind: 'connected',
          connection: new DynoConnection({ backend, socket, llhttp: llhttp(), connectMs, giveBack }),
        }));
      const onClose = (): void => settle((ms) => ({ kind: 'refused', ms }));
      const deadline = deadlines.after(connectMs, () => {
        settle((ms) => ({ kind: 'timeout', ms }));
        socket.destroy();
      });
      socket
        .once('connect', onConnect)
        .once('close', onClose)
        .on('error', () => {});
    });
  }

  /** Closes the spare connections to all other runs. Those in use are closed when they are given back. */
  keepOnly(backends: readonly Backend[]): void {
    const ids = new Set(backends.map((backend) => backend.id));
    this.#isListed = (backend) => ids.has(backend.id);
    for (const [id, spares] of this.#spares) {
      if (ids.has(id)) continue;
      this.#spares.delete(id);
      for (const { connection } of spares) connection.destroy();
    }
  }

  /** Closes every connection, in use or not. */
  close(): void {
    this.keepOnly([]);
    for (const socket of this.#sockets) socket.destroy();
  }

  #closeExpired(): void {
    const now = this.#options.clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const spares of this.#spares.values()) {
      // A copy, because closing an entry removes it from the list.
      for (const entry of [...spares]) {
        if (entry.until > now) next = Math.min(next, entry.until);
        else this.#close(entry);
      }
    }
    if (next < Number.POSITIVE_INFINITY) this.#sweep.start(next - now);
  }

  #close(entry: Spare): void {
    this.#forget(entry);
    entry.connection.destroy();
  }

  #sparesOf(backend: Backend): Spare[] {
    const spares = this.#spares.get(backend.id) ?? [];
    this.#spares.set(backend.id, spares);
    return spares;
  }

  #forget(entry: Spare): void {
    const spares = this.#spares.get(entry.connection.backend.id);
    const at = spares?.indexOf(entry) ?? -1;
    if (at >= 0) spares?.splice(at, 1);
  }
}
