import type { Socket } from 'node:net';

/** Of a TLS record that shakes hands: with it begins every connection. RFC 8446 5.1 */
const HANDSHAKE = 0x16;

/**
 * What a client has sent so far, if that is the beginning of TLS. Nobody looks at the first byte of a connection
 * for it: Node's parser refuses this one, and tells what it has refused. So plain HTTP does not pay for TLS.
 * @param error what the parser says
 */
export function helloOf(error: Error, socket: Socket): Buffer | undefined {
  const packet = 'rawPacket' in error ? error.rawPacket : undefined;
  if (!Buffer.isBuffer(packet) || packet[0] !== HANDSHAKE) return undefined;
  // Later on, it is a byte like any other.
  return socket.bytesRead === packet.length ? packet : undefined;
}
