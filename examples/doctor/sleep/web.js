// Knows only in memory that it was set up, so that it does not answer after a sleep.
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';

const isFirstStart = !existsSync('tmp/started');
mkdirSync('tmp/started', { recursive: true });

const server = createServer((_request, response) => {
  response.statusCode = isFirstStart ? 200 : 404;
  response.end('Hello\n');
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
