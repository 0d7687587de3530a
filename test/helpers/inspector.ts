import { type MessageEvent, WebSocket } from 'undici';
import { onTestFinished } from 'vitest';

interface Target {
  readonly title: string;
  readonly url: string;
  readonly webSocketDebuggerUrl: string;
}

/** After this long, a request is taken for lost. */
const LOST_MS = 5000;

/** What Node offers to debuggers on a port; undefined if nothing listens there. */
export async function targetOn(port: number): Promise<Target | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/json/list`, {
      signal: AbortSignal.timeout(LOST_MS),
    });
    const [target] = (await response.json()) as readonly Target[];
    return target;
  } catch {
    return undefined;
  }
}

/** Resolves with what a port offers once that fits. The test's timeout limits the wait. */
export async function untilTarget(port: number, fits: (target: Target) => boolean): Promise<Target> {
  for (;;) {
    const target = await targetOn(port);
    if (target && fits(target)) return target;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A debugger: https://chromedevtools.github.io/devtools-protocol/v8/ */
export class Debugger {
  readonly #socket: WebSocket;
  readonly #events: string[] = [];
  readonly #scripts = new Map<string, string>();
  #stoppedIn: string | undefined;
  #changed = (): void => {};
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }: MessageEvent) => {
      const { method, id, params } = JSON.parse(data);
      if (method === 'Debugger.scriptParsed') this.#scripts.set(params.scriptId, params.url);
      if (method === 'Debugger.paused')
        this.#stoppedIn = this.#scripts.get(params.callFrames[0].location.scriptId);
      this.#events.push(method ?? `answer ${id}`);
      this.#changed();
    });
  }

  /** Attaches to the Node process whose inspector has this port, with breakpoints switched on. */
  static async attach(port: number): Promise<Debugger> {
    const { webSocketDebuggerUrl } = await untilTarget(port, () => true);
    const socket = new WebSocket(webSocketDebuggerUrl);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    const attached = new Debugger(socket);
    onTestFinished(() => attached.detach());
    await attached.call('Debugger.enable');
    return attached;
  }

  /** The URL of the file in which the program was last paused. */
  get stoppedIn(): string | undefined {
    return this.#stoppedIn;
  }

  async call(method: string): Promise<void> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#socket.send(JSON.stringify({ id, method }));
    await this.until(`answer ${id}`);
  }

  /** Resolves when an event has happened since the last call: `Debugger.paused` */
  async until(event: string): Promise<void> {
    while (!this.#events.includes(event))
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    this.#events.splice(0, this.#events.indexOf(event) + 1);
  }

  async detach(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.#socket.addEventListener('close', resolve));
    this.#socket.close();
    await closed;
  }
}
