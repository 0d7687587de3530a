import { connect } from 'node:net';
import type { Cancel, Clock } from '../../base/clock.js';
import type { Listening } from './containment.js';

const EVERYWHERE = new Set(['0.0.0.0', '::']);
const LOOPBACK = /^127\.|^::1$/;

/** Chooses the best of a program's addresses: all of the machine's, else one of them, else loopback. */
export function bestAddress(addresses: readonly string[], port: number): Listening | undefined {
  const best =
    addresses.find((address) => EVERYWHERE.has(address)) ??
    addresses.find((address) => !LOOPBACK.test(address)) ??
    addresses[0];
  return best === undefined ? undefined : { host: reach(best), port, isLoopback: LOOPBACK.test(best) };
}

/** The address to connect to for a socket bound to an address. */
function reach(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

/** An IP address from its bytes in network order. */
export function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const view = Buffer.from(bytes);
  if (view.subarray(0, 12).equals(MAPPED_IPV4)) return view.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => view.readUInt16BE(index * 2).toString(16));
  const text = groups.join(':');
  if (text === '0:0:0:0:0:0:0:0') return '::';
  return text === '0:0:0:0:0:0:0:1' ? '::1' : text;
}

const MAPPED_IPV4 = Buffer.from('00000000000000000000ffff', 'hex');

/** Between two attempts to connect. */
const PAUSE_MS = 20;

/**
 * Waits for a port by trying to connect, if the system does not tell which process listens. Another program on the port
 * is mistaken for the dyno. The result ends the watch.
 */
export function watchByConnecting(
  port: number,
  clock: Clock,
  onListening: (where: Listening) => void,
): Cancel {
  let cancel: Cancel = () => {};
  let isOver = false;
  const attempt = async (): Promise<void> => {
    const host = await firstToAccept(port);
    if (isOver) return;
    if (host === undefined) cancel = clock.after(PAUSE_MS, () => void attempt());
    else onListening({ host, port, isLoopback: false });
  };
  void attempt();
  return () => {
    isOver = true;
    cancel();
  };
}

async function firstToAccept(port: number): Promise<string | undefined> {
  for (const host of ['127.0.0.1', '::1']) if (await accepts(host, port)) return host;
  return undefined;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', done(true)).once('error', done(false));
  });
}
