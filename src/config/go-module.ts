/** Reads go.mod. https://go.dev/ref/mod#go-mod-file */

import { basename } from 'node:path';

/** The path of the module: `example.com/shop/v2`; empty if there is none. */
export function goModule(mod: string): string {
  return /^module\s+"?([^"\s]+)/m.exec(mod)?.[1] ?? '';
}

/** The program that Go makes of a module: the last part of its path, without a major version. */
export function goProgram(module: string): string {
  return basename(module.replace(/\/v\d+$/, ''));
}
