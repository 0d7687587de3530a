import { type StrictRequest, strictRequests } from './strict-requests.js';
import { OK, startDyno, type World } from './world.js';

/** The input of a dyno. */
interface Recorded {
  readonly requests: readonly StrictRequest[];
  /** Beginnings of others, one per connection. */
  readonly begun: readonly string[];
}

export interface RecordingDyno {
  /** Bytes read so far. */
  readonly bytes: () => number;
  /**
   * What has been read since it was last asked.
   * @throws Error if two readers might read it differently
   */
  readonly recorded: () => Recorded;
}

/** A dyno that records its input, and responds to strictly valid requests: the only one in `world`. */
export async function recordingDyno(world: World): Promise<RecordingDyno> {
  let requests: StrictRequest[] = [];
  let failure: unknown;
  let bytes = 0;
  const { backend, wires } = await startDyno((wire) => {
    wire.socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      try {
        const read = strictRequests(wire.take());
        wire.text = read.rest;
        requests.push(...read.requests);
        for (const _ of read.requests) wire.send(...OK);
      } catch (error) {
        failure ??= error;
        wire.socket.destroy();
      }
    });
  });
  world.backends.up(backend);
  return {
    bytes: () => bytes,
    recorded: () => {
      if (failure !== undefined) throw failure;
      const recorded = { requests, begun: wires.items.map(({ text }) => text).filter(Boolean) };
      requests = [];
      return recorded;
    },
  };
}

/** `POST / "body"` */
export function summary({ method, target, body }: StrictRequest): string {
  return `${method} ${target}${body === '' ? '' : ` "${body}"`}`;
}

/** The status codes of a client's responses, except 100 Continue. */
export function statuses(answers: string): readonly string[] {
  const all = [...answers.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status);
  return all.filter((status) => status !== '100');
}
