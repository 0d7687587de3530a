import { createServer } from 'node:net';
import { errorCode } from '../base/errors.js';

/** Ports are claimed in blocks of this many, so that a process has few sockets for it. */
const BLOCK = 256;

/** What has become of a claim, by the number of the block. */
const claims = new Map<number, Promise<boolean>>();

/** All ports that this process has claimed. */
const claimed: number[] = [];

export function claimedPorts(): readonly number[] {
  return claimed;
}

/**
 * Claims a port, and those near it, for as long as this process lives, so that no other dynosim hands it out to a dyno
 * while one of this process has yet to bind it. The claim is an abstract socket (man 7 unix), which ends with the process;
 * without Linux, nothing is claimed.
 * @returns whether no other dynosim has claimed it
 */
export function claim(port: number): Promise<boolean> {
  const block = blockOf(port);
  const known = claims.get(block);
  if (known !== undefined) return known;
  const made = claimBlock(block);
  claims.set(block, made);
  return made;
}

function claimBlock(block: number): Promise<boolean> {
  if (process.platform !== 'linux') return Promise.resolve(true);
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy()).unref();
    // For any other reason there are no claims on this system, and so none of another dynosim.
    server.once('error', (error) => resolve(errorCode(error) !== 'EADDRINUSE'));
    server.listen(`\0dynosim-ports-${block}`, () => {
      claimed.push(...Array.from({ length: BLOCK }, (_, index) => block * BLOCK + index));
      resolve(true);
    });
  });
}

function blockOf(port: number): number {
  return Math.floor(port / BLOCK);
}
