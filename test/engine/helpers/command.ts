import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end.
 * @returns its stdout
 * @throws Error with all that it has printed if it fails
 */
export function command(
  program: string,
  args: readonly string[],
  { cwd = '/', env = {} }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 30 };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error) reject(new Error(`${[program, ...args].join(' ')}\n${stdout}${stderr || error.message}`));
      else resolve(stdout);
    });
  });
}
