import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs of the suite, with the Debian packages that have them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  dockerd: 'docker.io',
  iptables: 'iptables',
  ip: 'iproute2',
  tini: 'tini',
  mmdebstrap: 'mmdebstrap',
  nsenter: 'util-linux',
  curl: 'curl',
};

/** Why no container engine can be started here; undefined if nothing is known against it. */
export function whyNoEngine(): string | undefined {
  if (process.platform !== 'linux') return 'container engines run on Linux only';
  if (process.getuid?.() !== 0) return 'only root may start a container engine';
  const missing = Object.keys(PROGRAMS).filter((program) => !isProgram(program));
  if (missing.length === 0) return undefined;
  return `not installed: ${missing.map((program) => PROGRAMS[program]).join(' ')}`;
}

function isProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
