// Does not end when it is told to.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => console.log('Not now'));
