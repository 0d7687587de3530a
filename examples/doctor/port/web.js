// Listens on a port of its own choice.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(3999, () => console.log('Listening on port 3999'));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
