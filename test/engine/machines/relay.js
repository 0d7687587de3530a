// The machines' way to the registries: passes what comes to an address in their network on to a socket outside of it.
// Usage: node relay.js ADDRESS PORT SOCKET
import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream';

const [address, port, socket] = process.argv.slice(2);

createServer((client) => {
  const outside = connect(socket);
  const ignore = () => {};
  pipeline(client, outside, ignore);
  pipeline(outside, client, ignore);
}).listen(Number(port), address, () => console.log('ready'));
