type Crypto = typeof import('node:crypto');

let loaded: Crypto | undefined;

/** Node's crypto, for code that `start` loads: this loads it at its first use, because that takes milliseconds. */
export function crypto(): Crypto {
  loaded ??= process.getBuiltinModule('node:crypto');
  return loaded;
}
