// Keeps something of each request, and never forgets it.
import { createServer } from 'node:http';

const kept = [];

const server = createServer((_request, response) => {
  kept.push(Buffer.alloc(512 * 1024, 1));
  response.end('Hello\n');
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
