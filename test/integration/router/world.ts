import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { type Clock, PlatformClock } from '../../../src/base/clock.js';
import { Emitter } from '../../../src/base/emitter.js';
import { REAL_TIMEOUTS } from '../../../src/base/limits.js';
import { hasUnread } from '../../../src/dynos/proc.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import type { Backend, Backends, Readiness, RequestLease, WakeCause } from '../../../src/router/backends.js';
import { type Router, type RouterOptions, startRouter } from '../../../src/router/server.js';
import { ManualClock } from '../../helpers/manual-clock.js';

export const WALL = 1_700_000_000_000;

/** The dynos of an app, controlled by a test. */
class FakeBackends implements Backends {
  readonly wakes: WakeCause[] = [];
  /** Of each request, once it is over: how long until its first byte. */
  readonly firstBytes: (number | undefined)[] = [];
  /** Requests in the router. */
  requests = 0;
  /** The number of upgraded requests. */
  websockets = 0;
  /** Dynos to which a debugger is attached. */
  readonly debugged = new Set<string>();
  onWake = (): void => {};
  readonly #changed = new Emitter();
  #readiness: Readiness = { kind: 'none' };
  #tunnels = 0;

  readiness(): Readiness {
    return this.#readiness;
  }

  set(readiness: Readiness): void {
    this.#readiness = readiness;
    this.#changed.emit();
  }

  up(first: Backend, ...more: Backend[]): void {
    this.set({ kind: 'up', backends: [first, ...more] });
  }

  onChange(listener: () => void): () => void {
    return this.#changed.subscribe(listener);
  }

  get inFlight(): number {
    return this.requests - this.#tunnels;
  }

  enter(): RequestLease {
    this.requests += 1;
    let isTunnel = false;
    return {
      assign: () => {},
      sent: () => {},
      unassign: () => {},
      wake: (cause) => {
        this.wakes.push(cause);
        this.onWake();
      },
      isDebugged: (dyno) => (dyno === undefined ? this.debugged.size > 0 : this.debugged.has(dyno)),
      upgraded: () => {
        this.websockets += 1;
        this.#tunnels += 1;
        isTunnel = true;
      },
      release: (firstByteMs) => {
        this.requests -= 1;
        if (isTunnel) this.#tunnels -= 1;
        this.firstBytes.push(firstByteMs);
      },
    };
  }

  get listeners(): number {
    return this.#changed.size;
  }
}

/** A list that can be waited for. */
export class Inbox<T> {
  readonly items: T[] = [];
  readonly #changed = new Emitter();

  push(item: T): void {
    this.items.push(item);
    this.#changed.emit();
  }

  /** Resolves when there are this many. */
  async count(n: number): Promise<readonly T[]> {
    while (this.items.length < n) await new Promise<void>((resolve) => this.#once(resolve));
    return this.items;
  }

  #once(listener: () => void): void {
    const unsubscribe = this.#changed.subscribe(() => {
      unsubscribe();
      listener();
    });
  }
}

/**
 * Resolves once nothing moves any more, where both ends of each connection are in this process: what can still
 * move does so within a few turns of the event loop.
 */
export async function untilStill(measure: () => number): Promise<void> {
  let last = measure();
  for (let turns = 0; turns < 100; turns += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    const now = measure();
    if (now !== last) turns = 0;
    last = now;
  }
}

/** Resolves when the server on a port of this process has read all that has been sent to it. */
export async function untilRead(port: number): Promise<void> {
  do await untilStill(() => 0);
  while (hasUnread(port));
}

/** One end of a connection, for tests that look at bytes. */
export class Wire {
  readonly socket: Socket;
  /** All that has come and was not taken off, as latin1. */
  text = '';
  /** All that has come. */
  all = '';
  isEnded = false;
  isClosed = false;
  readonly #changed = new Emitter();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1');
      this.all += chunk.toString('latin1');
      this.#changed.emit();
    });
    socket.on('error', () => {});
    socket.on('end', () => {
      this.isEnded = true;
      this.#changed.emit();
    });
    socket.on('close', () => {
      this.isClosed = true;
      this.#changed.emit();
    });
  }

  send(...lines: readonly string[]): this {
    this.socket.write(lines.join('\r\n'), 'latin1');
    return this;
  }

  /** Resolves with all that has come once it matches. */
  async until(pattern: RegExp | string): Promise<string> {
    const matches = (): boolean =>
      typeof pattern === 'string' ? this.text.includes(pattern) : pattern.test(this.text);
    while (!matches()) {
      if (this.isClosed) throw new Error(`Closed before ${pattern}: ${this.text.slice(0, 500)}`);
      await this.#change();
    }
    return this.text;
  }

  /** Resolves when this many bytes have arrived. */
  async bytes(n: number): Promise<void> {
    while (this.text.length < n) {
      if (this.isClosed) throw new Error(`Closed after ${this.text.length} bytes`);
      await this.#change();
    }
  }

  /** Resolves with all that came before the other end closed its side. */
  async ended(): Promise<string> {
    while (!this.isEnded && !this.isClosed) await this.#change();
    return this.text;
  }

  /** As `ended`, for a client: the router has cut the connection. */
  async closedByRouter(): Promise<string> {
    await this.ended();
    this.socket.end();
    return this.closed();
  }

  async closed(): Promise<string> {
    while (!this.isClosed) await this.#change();
    return this.text;
  }

  /** The next request, taken off: its head, and its body if that has a length. */
  async request(): Promise<string> {
    const [head] = (await this.until('\r\n\r\n')).split('\r\n\r\n');
    const [, length = '0'] = /\r\ncontent-length: (\d+)/i.exec(head ?? '') ?? [];
    const end = (head?.length ?? 0) + 4 + Number(length);
    await this.bytes(end);
    const request = this.text.slice(0, end);
    this.text = this.text.slice(end);
    return request;
  }

  /** Forgets what has arrived. */
  take(): string {
    const { text } = this;
    this.text = '';
    return text;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const unsubscribe = this.#changed.subscribe(() => {
        unsubscribe();
        resolve();
      });
    });
  }
}

let runs = 0;

/** A dyno that is a bare TCP server: `onConnection` gets each connection and its number. */
export async function startDyno(
  onConnection: (wire: Wire, n: number) => unknown,
  name = 'web.1',
): Promise<{ readonly backend: Backend; readonly wires: Inbox<Wire>; readonly server: Server }> {
  const wires = new Inbox<Wire>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const wire = new Wire(socket);
    wires.push(wire);
    // When its connection is closed, a dyno gets no more of what it waits for.
    void Promise.resolve(onConnection(wire, wires.items.length)).catch((error) => {
      if (!wire.isClosed) throw error;
    });
  });
  const port = await listening(server);
  runs += 1;
  onTestFinished(() => {
    for (const wire of wires.items) wire.socket.destroy();
    server.close();
  });
  return {
    backend: { id: `${name}#${runs}`, dyno: name, host: '127.0.0.1', port },
    wires,
    server,
  };
}

/** A dyno that answers each request with the same bytes. */
export function answering(...lines: readonly string[]): (wire: Wire) => Promise<void> {
  return async (wire) => {
    for (;;) {
      await wire.request();
      wire.send(...lines);
    }
  };
}

export const OK = ['HTTP/1.1 200 OK', 'Content-Length: 2', '', 'ok'] as const;

export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
}

export interface World {
  readonly router: Router;
  readonly backends: FakeBackends;
  readonly clock: ManualClock;
  /** Router lines, in full. */
  readonly log: Inbox<string>;
  readonly entries: readonly LogEntry[];
  /** A connection to the router. */
  connect(): Promise<Wire>;
  /** Sends one request and resolves with all that came until the router closed the connection. */
  request(...lines: readonly string[]): Promise<string>;
}

/** A router with one app. Time stands still, unless another clock is given. */
export async function startWorld(
  options: Partial<Omit<RouterOptions, 'time'>> & { readonly real?: Clock; readonly wall?: number } = {},
): Promise<World> {
  const clock = new ManualClock();
  const backends = new FakeBackends();
  const log = new Inbox<string>();
  const entries: LogEntry[] = [];
  const app = {
    name: 'my-app',
    backends,
    log: (entry: LogEntry) => {
      entries.push(entry);
      log.push(entry.line);
    },
  };
  const { real = clock, wall = WALL, ...given } = options;
  const router = await startRouter({
    findApp: (hostname) => (hostname === 'unknown.localhost' ? undefined : app),
    time: { real, platform: new PlatformClock(real), wall: () => wall },
    timeouts: REAL_TIMEOUTS,
    dynoKeepAlive: true,
    host: '127.0.0.1',
    port: 0,
    ...given,
  });
  const clients: Wire[] = [];
  onTestFinished(async () => {
    const closing = router.close();
    for (const client of clients) client.socket.destroy();
    await closing;
    expect(clock.pending).toBe(0);
    expect(backends.requests).toBe(0);
    expect(backends.listeners).toBe(0);
  });
  const open = async (): Promise<Wire> => {
    const wire = new Wire(connect({ host: '127.0.0.1', port: router.port, allowHalfOpen: true }));
    clients.push(wire);
    await new Promise((resolve) => wire.socket.once('connect', resolve));
    return wire;
  };
  return {
    router,
    backends,
    clock,
    log,
    entries,
    connect: open,
    request: async (...lines) => (await open()).send(...lines).ended(),
  };
}

/** Resolves when this many listeners wait for the app's dynos: the router, and each waiting request. */
export async function listeningTo({ backends }: World, listeners: number): Promise<void> {
  while (backends.listeners < listeners) await new Promise((resolve) => setImmediate(resolve));
}

/** The fields of a router line. */
export function fields(line: string | undefined): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [, key = '', quoted, bare = ''] of (line ?? '').matchAll(/(\w+)=(?:"([^"]*)"|(\S*))/g))
    found[key] = quoted ?? bare;
  return found;
}
