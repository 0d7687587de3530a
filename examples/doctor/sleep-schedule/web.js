// Does something every hour, in a process that is not there while the app sleeps.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

setInterval(() => console.log('Sending the mails'), 60 * 60_000);

process.on('SIGTERM', () => server.close(() => process.exit(0)));
