import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { openRedis } from '../../addons/redis/connection.js';
import { type Reply, ReplyParser } from '../../addons/redis/replies.js';
import { UserError } from '../../base/errors.js';
import { escapeControls } from '../../base/wording.js';

/**
 * Sends each line of the input to a Redis server as a command, and prints its answers as Heroku's CLI does. Resolves
 * when the input or the connection ends.
 * @throws UserError `REDIS_REFUSED`, `NOT_READY`
 */
export async function talkToRedis(
  url: string,
  input: Readable & { readonly isTTY?: boolean },
  output: Writable,
): Promise<void> {
  if (url === '')
    throw new UserError('NOT_READY', 'The add-on is not ready', 'Wait for it: dynosim redis:wait');
  const { host, port, password } = new URL(url);
  const connection = await openRedis({ port: Number(port), password });
  const socket = connection.release();
  const isTerminal = input.isTTY === true;
  const lines = createInterface({ input, ...(isTerminal && { output }), prompt: `${host}> ` });
  let isClosing = false;
  const prompt = (): void => {
    if (isTerminal && !isClosing) lines.prompt();
  };
  const parser = new ReplyParser();
  let unanswered = 0;
  socket.on('data', (chunk: Buffer) => {
    for (const reply of parser.push(chunk)) {
      unanswered--;
      // Nobody has asked for the answer to QUIT.
      if (!(isClosing && unanswered < 0 && reply === 'OK')) output.write(`${textOf(reply)}\n`);
    }
    prompt();
  });
  lines.on('line', (line) => {
    if (line.trim() === '') return prompt();
    unanswered++;
    // A server takes a line as a command, too, without the frame of the protocol.
    socket.write(`${line}\n`);
  });
  lines.on('close', () => {
    isClosing = true;
    socket.end('QUIT\r\n');
  });
  prompt();
  await new Promise<void>((resolve) => {
    socket.on('error', () => {});
    socket.on('close', () => {
      lines.close();
      resolve();
    });
  });
}

/** An answer as Heroku's CLI prints it. */
function textOf(reply: Reply): string {
  if (isList(reply)) return reply.map((item, index) => `${index + 1}) ${textOf(item)}`).join('\n');
  if (typeof reply === 'object' && reply !== null) return escapeControls(reply.error);
  return escapeControls(String(reply));
}

function isList(reply: Reply): reply is readonly Reply[] {
  return Array.isArray(reply);
}
