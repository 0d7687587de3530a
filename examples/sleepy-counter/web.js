// A counter in memory, which every sleep loses, and a page that follows it through a websocket.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { accept } from './websocket.js';

const page = readFileSync(new URL('page.html', import.meta.url));
const followers = new Set();
let count = 0;

const server = createServer((request, response) => {
  if (request.url === '/page') return response.setHeader('Content-Type', 'text/html').end(page);
  count += 1;
  for (const follower of followers) follower.send(String(count));
  response.setHeader('Content-Type', 'text/plain').end(`This process has counted to ${count}\n`);
});

server.on('upgrade', (request, socket) => {
  const follower = accept(request, socket);
  if (!follower) return;
  followers.add(follower);
  socket.on('close', () => followers.delete(follower));
  follower.send(String(count));
});

server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

// Told to stop, for a sleep as for a restart: answer what has been asked, tell the pages to come back, end.
process.on('SIGTERM', () => {
  for (const follower of followers) follower.close();
  server.close(() => process.exit(0));
});
