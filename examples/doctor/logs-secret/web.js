// Prints a secret.
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(process.env.PORT, () => console.log('Config:', { PAYMENT_KEY: process.env.PAYMENT_KEY }));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
