// Answers every request with an error.
import { createServer } from 'node:http';

const server = createServer((_request, response) => {
  response.statusCode = 500;
  response.end('Something is broken\n');
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
