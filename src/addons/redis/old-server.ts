import { join } from 'node:path';
import { readIfThere } from '../../base/read.js';
import { CERTIFICATE_FILE } from './config-file.js';
import { withRedis } from './connection.js';

/**
 * Ends the server of an add-on that still runs: on systems without the guard, that of a dynosim which was killed.
 * @param folder the add-on's; only a server that has the certificate there gets the password
 */
export async function endOldServer(folder: string, port: number, password: string): Promise<void> {
  const ca = readIfThere(join(folder, CERTIFICATE_FILE));
  if (ca === undefined) return;
  // It answers by ending.
  await withRedis({ port, password, ca }, (send) => send('SHUTDOWN', 'NOSAVE')).catch(() => {});
}
