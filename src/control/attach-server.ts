import { once } from 'node:events';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { Attachment } from '../apps/attachment.js';
import { encodeFrame, type Frame, FrameReader } from './attach-protocol.js';

const UPGRADED = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: dynosim-attach',
  'Connection: Upgrade',
  '',
  '',
].join('\r\n');

/**
 * Connects a client to a one-off dyno that it has attached to, until the dyno ends; if the client leaves before,
 * the dyno is hung up.
 * @param head what the client has already sent beyond its request
 */
export async function serveAttachment(socket: Duplex, head: Buffer, attachment: Attachment): Promise<void> {
  const { oneOff } = attachment;
  let isOver = false;
  // The end of its stdin is a frame; the end of the connection is the client's own.
  socket.once('end', () => socket.destroy());
  socket.once('close', () => {
    if (!isOver) attachment.detach();
  });
  socket.write(UPGRADED);
  if (head.length > 0) socket.unshift(head);
  // One that could not be started has no output.
  const output = await Promise.race([attachment.output, oneOff.exited.then(() => undefined)]);
  if (output) {
    takeInput(socket, attachment);
    await sendOutput(output, socket);
  }
  const { status } = await oneOff.exited;
  isOver = true;
  socket.end(encodeFrame({ kind: 'exit', status }));
}

/** A client that does not read holds back the dyno. */
async function sendOutput(output: Readable, socket: Duplex): Promise<void> {
  for await (const data of output) {
    if (socket.destroyed) continue;
    if (!socket.write(encodeFrame({ kind: 'data', data }))) await untilRoom(socket);
  }
}

/** A dyno that does not read holds back the client, which waits until it is told that what it sent was taken. */
function takeInput(socket: Duplex, { oneOff: { run } }: Attachment): void {
  const { input } = run;
  // Whoever closes his stdin wants no more.
  input?.on('error', () => {});
  const taken = (): void => {
    if (socket.writable) socket.write(encodeFrame({ kind: 'taken' }));
  };
  const reader = new FrameReader((frame: Frame) => {
    if (frame.kind === 'data' && input) input.write(frame.data, taken);
    if (frame.kind === 'data' && !input) taken();
    if (frame.kind === 'end') input?.end();
    if (frame.kind === 'resize') run.resize(frame);
  });
  socket.on('data', (chunk: Buffer) => reader.push(chunk));
}

async function untilRoom(stream: Writable): Promise<void> {
  await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => {});
}
