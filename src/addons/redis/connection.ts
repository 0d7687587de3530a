import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { errorMessage, UserError } from '../../base/errors.js';
import { type Reply, ReplyParser } from './replies.js';

/** A server on this machine answers at once; a stuck one must not hold up a command. */
const ANSWER_MS = 5000;

/**
 * A connection to a Redis server of an add-on, as dynosim itself uses it.
 * https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export class RedisConnection {
  readonly #socket: TLSSocket;
  readonly #parser = new ReplyParser();
  readonly #waiting: ((reply: Reply) => void)[] = [];
  #failure: Error | undefined;

  /** Use `openRedis`. */
  constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('it does not answer')));
    socket.on('data', (chunk: Buffer) => {
      for (const reply of this.#parser.push(chunk)) this.#waiting.shift()?.(reply);
    });
    socket.on('error', (error) => {
      this.#failure = error;
    });
    socket.on('close', () => {
      const message = this.#failure?.message ?? 'it closed the connection';
      for (const settle of this.#waiting.splice(0)) settle({ error: message });
    });
  }

  /** @throws UserError `REDIS_REFUSED` with the server's words */
  async send(...words: readonly string[]): Promise<string> {
    const reply = await new Promise<Reply>((resolve) => {
      if (this.#socket.destroyed) return resolve({ error: this.#failure?.message ?? 'it is gone' });
      this.#waiting.push(resolve);
      this.#socket.write(encode(words));
    });
    if (typeof reply === 'object' && reply !== null && 'error' in reply) throw refused(reply.error);
    return typeof reply === 'string' ? reply : JSON.stringify(reply);
  }

  /** Hands over its socket, which answers nothing here any more. */
  release(): TLSSocket {
    this.#socket.setTimeout(0);
    this.#socket.removeAllListeners('data');
    return this.#socket;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** A Redis server of this machine. */
export interface RedisAddress {
  readonly port: number;
  readonly password: string;
  /** The certificates to accept, in PEM. Left out: any, because dynosim itself has just started what listens there. */
  readonly ca?: string;
}

/**
 * Connects to a server of this machine.
 * @throws UserError `REDIS_REFUSED`
 */
export async function openRedis({ port, password, ca }: RedisAddress): Promise<RedisConnection> {
  const socket = connect({ host: '127.0.0.1', port, ...(ca ? { ca } : { rejectUnauthorized: false }) });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (error) {
    socket.destroy();
    throw refused(errorMessage(error));
  }
  const connection = new RedisConnection(socket);
  try {
    await connection.send('AUTH', password);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

/**
 * Connects for a few commands.
 * @throws UserError `REDIS_REFUSED`
 */
export async function withRedis<T>(
  address: RedisAddress,
  work: (send: RedisConnection['send']) => Promise<T>,
): Promise<T> {
  const connection = await openRedis(address);
  try {
    return await work((...words) => connection.send(...words));
  } finally {
    connection.close();
  }
}

function refused(why: string): UserError {
  return new UserError('REDIS_REFUSED', `The Redis server does not do that: ${why}`);
}

function encode(words: readonly string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
