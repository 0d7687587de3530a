import { text } from 'node:stream/consumers';
import { startProcess } from './process.js';

/**
 * What `program --version` prints, as a dyno would run it.
 * @param env a dyno's environment
 * @returns undefined if there is no such program, or it cannot say
 */
export async function versionOf(
  program: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  try {
    const child = await startProcess({ command: [program, '--version'], cwd, env });
    const [printed, { status }] = await Promise.all([text(child.stdout), child.exited]);
    return status === 0 ? printed : undefined;
  } catch {
    return undefined;
  }
}
