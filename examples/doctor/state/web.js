// Keeps the visitors' sessions in memory, where the other dyno does not find them.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const sessions = new Map();

const server = createServer((request, response) => {
  const [, known] = /session=([^;]+)/.exec(request.headers.cookie ?? '') ?? [];
  const id = sessions.has(known) ? known : randomUUID();
  const visits = (sessions.get(id) ?? 0) + 1;
  sessions.set(id, visits);
  if (id !== known) response.setHeader('Set-Cookie', `session=${id}`);
  response.end('Hello\n');
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
