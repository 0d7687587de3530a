import { createRequire } from 'node:module';

type Http = typeof import('node:http');

const load = (): Http => createRequire(import.meta.url)('node:http');
let loaded: Http | undefined;

/** Node's HTTP, for code that `start` loads: this loads it at its first use, because that takes milliseconds. */
export function http(): Http {
  loaded ??= load();
  return loaded;
}
