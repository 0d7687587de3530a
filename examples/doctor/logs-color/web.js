// Colors its lines, wherever they go.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(process.env.PORT, () => console.log('\x1b[32mListening\x1b[39m'));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
