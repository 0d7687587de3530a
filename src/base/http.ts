type Http = typeof import('node:http');

let loaded: Http | undefined;

/** Node's HTTP, for code that `start` loads: this loads it at its first use, because that takes milliseconds. */
export function http(): Http {
  loaded ??= process.getBuiltinModule('node:http');
  return loaded;
}
