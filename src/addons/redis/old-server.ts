import { withRedis } from './connection.js';

/**
 * Ends the server of an add-on that still runs: on systems without the guard, that of a dynosim which was killed. Nobody
 * else's server takes the password.
 */
export async function endOldServer(port: number, password: string): Promise<void> {
  // It answers by ending.
  await withRedis(port, password, (send) => send('SHUTDOWN', 'NOSAVE')).catch(() => {});
}
