// Ends at once when it is told to, with requests under way.
import { createServer } from 'node:http';

const server = createServer((_request, response) => setTimeout(() => response.end('Hello\n'), 800));
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => process.exit(0));
