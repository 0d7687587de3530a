// Leaves a lock file behind when it is killed, which would keep it from starting. A dyno's disk is fresh at each start.
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const server = createServer((_request, response) => response.end('Hello\n'));

// Fails if the file is there.
writeFileSync('web.lock', String(process.pid), { flag: 'wx' });
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => {
  rmSync('web.lock');
  server.close(() => process.exit(0));
});
