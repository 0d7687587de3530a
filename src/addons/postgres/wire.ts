import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';
import type { Cancel, Clock } from '../../base/clock.js';
import { errorMessage } from '../../base/errors.js';

/**
 * A client for what dynosim itself asks of a server, over its Unix socket, where PostgreSQL trusts the owner of the
 * socket's folder. https://www.postgresql.org/docs/17/protocol.html
 */

/** The rows that a query returned, as text. */
type Rows = readonly (readonly (string | null)[])[];

/** The server has refused a query or connection, or is not there. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';

  /** @param code SQLSTATE: `42P04`. Undefined if the connection failed. */
  constructor(
    message: string,
    readonly code?: string,
  ) {
    super(message);
  }
}

export interface WireOptions {
  /** The socket. */
  readonly path: string;
  readonly user: string;
  readonly database: string;
  readonly clock: Clock;
  /** How long the server may take for all queries together. */
  readonly timeoutMs: number;
}

/** A connection. Queries must not overlap. */
export interface Wire {
  /**
   * Performs one or more statements.
   * @returns the rows of all of them
   * @throws PostgresError
   */
  query(sql: string): Promise<Rows>;
}

/**
 * Connects, and disconnects when the work is over.
 * @throws PostgresError
 */
export async function withWire<T>(options: WireOptions, work: (wire: Wire) => Promise<T>): Promise<T> {
  const socket = connect(options.path);
  const connection = new Connection(socket, options);
  try {
    await connection.start();
    return await work(connection);
  } finally {
    connection.end();
  }
}

/** Version 3.0. */
const PROTOCOL = 196_608;

interface Exchange {
  readonly rows: (readonly (string | null)[])[];
  /** What the server has refused. It then ignores the statements that follow. */
  refusal?: PostgresError;
  resolve(rows: Rows): void;
  reject(error: PostgresError): void;
}

class Connection implements Wire {
  readonly #socket: Socket;
  readonly #options: WireOptions;
  readonly #reader = new MessageReader();
  readonly #cancelTimeout: Cancel;
  #exchange: Exchange | undefined;
  #failure: PostgresError | undefined;

  constructor(socket: Socket, options: WireOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#cancelTimeout = options.clock.after(options.timeoutMs, () => {
      this.#fail(`the server gave no answer within ${options.timeoutMs / 1000} s`);
    });
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#fail(errorMessage(error)));
    socket.on('close', () => this.#fail('the server has closed the connection'));
  }

  async start(): Promise<void> {
    const { user, database } = this.#options;
    const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
    await this.#send(withLength(Buffer.concat([int32(PROTOCOL), parameters])));
  }

  query(sql: string): Promise<Rows> {
    return this.#send(encodeMessage('Q', Buffer.from(`${sql}\0`)));
  }

  end(): void {
    this.#cancelTimeout();
    // Without a farewell, the server would log a lost connection.
    if (this.#failure) this.#socket.destroy();
    else this.#socket.end(encodeMessage('X', Buffer.alloc(0)));
  }

  /** Resolves when the server is ready for the next message. */
  #send(message: Buffer): Promise<Rows> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      this.#exchange = { rows: [], resolve, reject };
      this.#socket.write(message);
    });
  }

  #read(chunk: Buffer): void {
    for (const { type, body } of this.#reader.push(chunk)) {
      const exchange = this.#exchange;
      if (!exchange) return;
      if (type === 'D') exchange.rows.push(decodeRow(body));
      if (type === 'E') exchange.refusal ??= decodeError(body);
      if (type !== 'Z') continue;
      this.#exchange = undefined;
      if (exchange.refusal) exchange.reject(exchange.refusal);
      else exchange.resolve(exchange.rows);
    }
  }

  #fail(why: string): void {
    const failure = this.#exchange?.refusal ?? new PostgresError(why);
    this.#failure ??= failure;
    this.#exchange?.reject(failure);
    this.#exchange = undefined;
    this.#socket.destroy();
  }
}

export interface Message {
  readonly type: string;
  readonly body: Buffer;
}

/** Takes messages out of a stream, independent of the chunks in which they arrive. */
export class MessageReader {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Message[] {
    let bytes: Buffer = Buffer.concat([this.#rest, chunk]);
    const messages: Message[] = [];
    while (bytes.length >= 5) {
      const end = 1 + bytes.readInt32BE(1);
      if (bytes.length < end) break;
      messages.push({ type: bytes.toString('latin1', 0, 1), body: bytes.subarray(5, end) });
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
    return messages;
  }
}

/** The columns of a DataRow message. */
export function decodeRow(body: Buffer): readonly (string | null)[] {
  const columns: (string | null)[] = [];
  for (let at = 2; columns.length < body.readInt16BE(0); ) {
    const length = body.readInt32BE(at);
    const end = at + 4 + Math.max(0, length);
    columns.push(length < 0 ? null : body.toString('utf8', at + 4, end));
    at = end;
  }
  return columns;
}

/** An ErrorResponse message: fields that begin with a letter. */
export function decodeError(body: Buffer): PostgresError {
  const fields = new Map(
    body
      .toString()
      .split('\0')
      .map((field) => [field.charAt(0), field.slice(1)] as const),
  );
  return new PostgresError(fields.get('M') ?? 'unknown error', fields.get('C'));
}

function encodeMessage(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), withLength(body)]);
}

function withLength(body: Buffer): Buffer {
  return Buffer.concat([int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A name in SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
