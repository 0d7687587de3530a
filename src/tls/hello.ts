import type { Socket } from 'node:net';

/** The first byte of every TLS connection: the type of a handshake record. RFC 8446 5.1 */
const HANDSHAKE = 0x16;

/**
 * The data that a client has sent, if it begins with TLS. Instead of checking each connection's first byte, which would
 * slow plain HTTP down, this inspects the data that Node's parser rejected.
 * @param error from the parser
 */
export function helloOf(error: Error, socket: Socket): Buffer | undefined {
  const packet = 'rawPacket' in error ? error.rawPacket : undefined;
  if (!Buffer.isBuffer(packet) || packet[0] !== HANDSHAKE) return undefined;
  // Later in a connection, the byte has no special meaning.
  return socket.bytesRead === packet.length ? packet : undefined;
}
