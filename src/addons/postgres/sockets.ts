import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/errors.js';

/** A socket's path has at most 107 bytes on Linux and 103 on macOS; `.s.PGSQL.65535.lock` follows the folder's. */
const LONGEST = 103 - 20;

/**
 * The folder for the sockets of all servers of the user, which only the user may enter. It is short, whatever the path
 * of the data.
 * @throws UserError `BAD_SOCKET_FOLDER`
 */
function socketFolder(shell: NodeJS.ProcessEnv, uid: number): string {
  const runtime = shell.XDG_RUNTIME_DIR;
  const own = runtime && join(runtime, 'dynosim');
  const folder = own && Buffer.byteLength(own) <= LONGEST ? own : `/tmp/dynosim-${uid}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  if (stats.isDirectory() && stats.uid === uid && (stats.mode & 0o077) === 0) return folder;
  throw new UserError(
    'BAD_SOCKET_FOLDER',
    `${folder} is not a folder that only you can enter, so no server can have its socket there`,
    'Remove it, or set XDG_RUNTIME_DIR to another folder.',
  );
}

/** The socket of the server with a port. */
export function socketPath(folder: string, port: number): string {
  return join(folder, `.s.PGSQL.${port}`);
}

/** The folder for the sockets of the user that runs dynosim. @throws UserError `BAD_SOCKET_FOLDER` */
export function userSockets(shell: NodeJS.ProcessEnv): string {
  return socketFolder(shell, process.geteuid?.() ?? 0);
}
