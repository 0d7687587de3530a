// Keeps what it is told in files, which are gone after the next restart.
import { appendFileSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((_request, response) => {
  mkdirSync('uploads', { recursive: true });
  appendFileSync('uploads/visits.txt', 'one\n');
  response.end('Hello\n');
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
