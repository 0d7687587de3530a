import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';

/** A proxy by which images are built: the machines have no way to the registries of their own. */
export function createProxy(): Server {
  return createServer(forward).on('connect', tunnel);
}

function forward(asked: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = asked;
  const upstream = request(asked.url ?? '', { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, response, ignore);
  });
  pipeline(asked, upstream, (error) => {
    if (error) response.destroy();
  });
}

function tunnel({ url = '' }: IncomingMessage, client: Duplex): void {
  const { hostname, port } = new URL(`https://${url}`);
  const upstream = connect(Number(port || 443), hostname, () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
  pipeline(client, upstream, ignore);
  pipeline(upstream, client, ignore);
}

/** Either side may break off. */
function ignore(): void {}
