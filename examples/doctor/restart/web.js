// Leaves a lock behind when it is killed, and does not start as long as that is held. The folder for temporary files
// stands for a service that outlives the dyno, such as Redis.
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOCK = join(tmpdir(), 'doctor-restart.lock');
const HELD_MS = 60_000;

if (Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? 0) < HELD_MS)
  throw new Error('Another process holds the lock');
writeFileSync(LOCK, String(process.pid));

const server = createServer((_request, response) => response.end('Hello\n'));
server.listen(process.env.PORT, () => console.log(`Listening on port ${process.env.PORT}`));

process.on('SIGTERM', () => {
  rmSync(LOCK);
  server.close(() => process.exit(0));
});
