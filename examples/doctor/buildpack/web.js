// Fine, but no file shows that it is an app in Node.js.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(process.env.PORT);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
