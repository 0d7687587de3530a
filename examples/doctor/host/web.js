// Answers on its developer's machine only: it refuses every other host name.
import { createServer } from 'node:http';

const ALLOWED_HOSTS = ['localhost', '127.0.0.1'];

const server = createServer((request, response) => {
  const [name] = request.headers.host.split(':');
  if (ALLOWED_HOSTS.includes(name)) return response.end('Hello\n');
  response.statusCode = 400;
  response.end(`Invalid host ${name}\n`);
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
