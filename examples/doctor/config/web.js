// Cannot start without a config var that nobody has set.
import { createServer } from 'node:http';

const { DOCTOR_API_KEY } = process.env;
if (!DOCTOR_API_KEY) throw new Error('Missing required environment variable DOCTOR_API_KEY');

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => server.close(() => process.exit(0)));
