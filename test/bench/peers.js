// The tools that dynosim is compared with: packages of fixed versions, installed into a cache folder, and Debian's
// nginx and wrk.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = { foreman: '3.0.1', concurrently: '9.2.5', 'http-proxy-3': '1.23.3' };

export class Peers {
  folder = fileURLToPath(new URL('../../.cache/bench', import.meta.url));

  /** Installs what is not there yet. Returns what cannot be had, a line each. */
  prepare() {
    const wanted = Object.keys(PACKAGES).filter((name) => !this.has(name));
    if (wanted.length > 0) this.#install(wanted);
    return [
      ...wanted
        .filter((name) => !this.has(name))
        .map((name) => `${name} is left out: npm cannot install it here`),
      ...['nginx', 'wrk']
        .filter((name) => !isProgram(name))
        .map((name) => `${name} is left out: apt-get install ${name}`),
    ];
  }

  has(name) {
    const file = join(this.folder, 'node_modules', name, 'package.json');
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === PACKAGES[name];
  }

  hasPrograms(...names) {
    return names.every(isProgram);
  }

  /** A file of a package. */
  script(name, path) {
    return join(this.folder, 'node_modules', name, path);
  }

  #install(names) {
    mkdirSync(this.folder, { recursive: true });
    const packages = names.map((name) => `${name}@${PACKAGES[name]}`);
    console.log(`Installing ${packages.join(', ')} into ${this.folder}`);
    try {
      const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1'];
      execFileSync('npm', ['install', '--prefix', this.folder, ...flags, ...packages], { stdio: 'inherit' });
    } catch {
      // For example, offline: `prepare` reports what is missing.
    }
  }
}

function isProgram(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}
