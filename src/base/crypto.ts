import { createRequire } from 'node:module';

type Crypto = typeof import('node:crypto');

const load = (): Crypto => createRequire(import.meta.url)('node:crypto');
let loaded: Crypto | undefined;

/** Node's crypto, for code that `start` loads: this loads it at its first use, because that takes milliseconds. */
export function crypto(): Crypto {
  loaded ??= load();
  return loaded;
}
