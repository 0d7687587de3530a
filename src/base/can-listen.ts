import { createServer, type ListenOptions } from 'node:net';
import { errorCode } from './errors.js';

/**
 * Whether a server could listen there now.
 * @throws the system's error as rejection, if that says nothing about the port
 */
export function canListen(where: ListenOptions): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (['EADDRINUSE', 'EACCES'].includes(errorCode(error) ?? '')) resolve(false);
      else reject(error);
    });
    server.listen(where, () => server.close(() => resolve(true)));
  });
}
