/** Judges the programs of a Go app, which Heroku's build puts into bin/, and that on PATH. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from '../../folder.js';
import { goModule, goProgram } from '../../go-module.js';
import { type Judged, thereIn } from './judged.js';

/**
 * @param name `web` or `bin/web`
 * @returns undefined if the app's files do not show that it is built
 */
export function judgeGoProgram(name: string, dir: string): Judged | undefined {
  const module = goModule(textOf(join(dir, 'go.mod')));
  if (module === '') return undefined;
  const program = name.replace(/^(?:\.\/)?bin\//, '');
  const isModule = program === goProgram(module);
  const isPackage = [join('cmd', program), program].some((path) => existsSync(join(dir, path, 'main.go')));
  return isModule || isPackage ? thereIn(program, 'what go build makes') : undefined;
}
