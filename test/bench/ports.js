import { once } from 'node:events';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Whether anything listens there. */
export function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** When an answer began, once it has ended. */
export async function firstByte(url, headers = {}) {
  const [response] = await once(get(url, { agent: false, headers }), 'response');
  const at = performance.now();
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`An answer with ${response.statusCode}: ${body}`);
  return at;
}
