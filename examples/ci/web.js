// A web process: answers on the port that the platform gives it.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/plain');
  response.end(`Hello from ${process.env.DYNO}: ${request.method} ${request.url}\n`);
});
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

// Told to stop: answer what has been asked, take nothing new, end.
process.on('SIGTERM', () => server.close(() => process.exit(0)));
