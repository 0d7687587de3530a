// Listens, but late: it does its slow work first.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));

setTimeout(() => {
  server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));
}, 2500);

process.on('SIGTERM', () => server.close(() => process.exit(0)));
