// Redirects to https, and does not see that the request came by https: the router says that in X-Forwarded-Proto.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  if (request.socket.encrypted) return response.end('Hello\n');
  response.writeHead(301, { Location: `https://${request.headers.host}${request.url}` });
  response.end();
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
