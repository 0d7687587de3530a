import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs SQL as an app does. @throws with what psql prints */
export async function psql(url: string, sql: string, env: Record<string, string> = {}): Promise<string> {
  const args = ['-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql, url];
  const { stdout } = await promisify(execFile)('psql', args, { env: { ...process.env, ...env } });
  return stdout.trim();
}
