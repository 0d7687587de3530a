// A guest book in memory. Run its tests to see what a sleep and a crash make of it.
import { createServer } from 'node:http';

const guests = [];

const server = createServer((request, response) => {
  const guest = new URL(request.url, 'http://localhost').searchParams.get('guest');
  if (guest) guests.push(guest);
  response.end(`${process.env.TITLE ?? 'Guests'}: ${guests.join(', ') || 'nobody'}\n`);
});

server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));
