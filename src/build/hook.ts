import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { heading } from './lines.js';
import { type Failure, run, type Step } from './step.js';

/**
 * Runs a script of the app, if it has it.
 * @param file `bin/pre_compile`
 */
export function hook(dir: string, file: string, failure: Failure): readonly Step[] {
  if (!existsSync(join(dir, file))) return [];
  const command = ['bash', '-c', 'chmod +x "$0" && exec "$0"', file] as const;
  return [run(command, [failure], { heading: heading(`Running ${file} hook`) })];
}
