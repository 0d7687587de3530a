import type { AppControl } from '../api/control.js';
import type { RunResult } from './test-app.js';

/** Runs a command in a one-off dyno to its end. */
export async function runCommand(
  app: Pick<AppControl, 'runAttached'>,
  command: string,
  { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> },
): Promise<RunResult> {
  const { attach } = await app.runAttached({ command, env });
  const session = await attach();
  session.input.end(input);
  const chunks: Buffer[] = [];
  for await (const chunk of session.output) chunks.push(chunk);
  return { status: await session.status, output: Buffer.concat(chunks).toString() };
}
