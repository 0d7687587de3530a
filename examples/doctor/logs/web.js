// Prints nothing before it ends: it collects its lines.
import { createServer } from 'node:http';

const lines = [];
const log = (line) => lines.push(line);

const server = createServer((request, response) => {
  log(`${request.method} ${request.url}`);
  response.end('Hello\n');
});
server.listen(process.env.PORT, () => log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () =>
  server.close(() => {
    console.log(lines.join('\n'));
    process.exit(0);
  }),
);
