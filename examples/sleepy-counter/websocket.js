// As much of a websocket (RFC 6455) as is needed to send short texts to a page. Apps use the package `ws`.
import { createHash } from 'node:crypto';

const TEXT = 0x1;
const CLOSE = 0x8;
/** 1001, the server goes away: the page may come back. */
const GOING_AWAY = Buffer.from([0x03, 0xe9]);

/** Answers an upgrade. Undefined if it asks for no websocket. */
export function accept({ headers }, socket) {
  const key = headers['sec-websocket-key'];
  if (headers.upgrade?.toLowerCase() !== 'websocket' || !key) {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return undefined;
  }
  const proof = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n\r\n`,
  );
  const end = (reason) => socket.writable && socket.end(frame(CLOSE, reason));
  // The page sends nothing but its close: whatever comes is the end.
  socket.on('data', () => end(Buffer.alloc(0)));
  socket.on('error', () => socket.destroy());
  return {
    send: (text) => socket.writable && socket.write(frame(TEXT, Buffer.from(text))),
    close: () => end(GOING_AWAY),
  };
}

/** One whole message of less than 126 bytes. */
function frame(opcode, payload) {
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
}
