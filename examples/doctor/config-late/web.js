// Listens before it looks for a config var that is missing, as gunicorn listens before it loads the app.
import { createServer } from 'node:http';

const server = createServer();
server.listen(process.env.PORT, () => setTimeout(load, 300));

function load() {
  const { SESSION_SECRET } = process.env;
  if (!SESSION_SECRET) throw new Error('SESSION_SECRET is not set');
  server.on('request', (_request, response) =>
    response.end(`Signed with ${SESSION_SECRET.length} letters\n`),
  );
}
