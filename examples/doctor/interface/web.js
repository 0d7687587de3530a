// Listens for this machine only.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(process.env.PORT, '127.0.0.1');

process.on('SIGTERM', () => server.close(() => process.exit(0)));
