import { join } from 'node:path';
import type { CommandLine } from '../../base/process.js';

/** The facts about this machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  exists(path: string): boolean;
  /** The names in a folder; none if it cannot be read. */
  list(folder: string): readonly string[];
}

/** A place where programs look for trusted authorities. */
export interface TrustStore {
  /** The programs that read it. */
  readonly name: string;
  readonly needsRoot: boolean;
  readonly trust: readonly CommandLine[];
  readonly undo: readonly CommandLine[];
  /** How to install the programs, if they may be missing. */
  readonly install?: string;
}

export interface TrustedFile {
  readonly file: string;
  /** Unique to this authority: `dynosim local CA 1a2b3c4d`. */
  readonly name: string;
}

/** The stores of this machine and this user, the system's first. */
export function trustStores(machine: Machine, ca: TrustedFile): readonly TrustStore[] {
  return [...systemStores(machine, ca), ...browserStores(machine, ca)];
}

function systemStores(machine: Machine, ca: TrustedFile): readonly TrustStore[] {
  switch (machine.platform) {
    case 'darwin':
      return [keychain(machine, ca)];
    case 'win32':
      return [windows(ca)];
    default: {
      const anchors = ANCHORS.find(({ folder }) => machine.exists(folder));
      return anchors === undefined ? [] : [linux(anchors, ca)];
    }
  }
}

interface Anchors {
  readonly folder: string;
  readonly update: CommandLine;
}

/** Where distributions keep additional authorities, and the command that makes them read the folder. */
const ANCHORS: readonly Anchors[] = [
  // Fedora, Red Hat
  { folder: '/etc/pki/ca-trust/source/anchors', update: ['update-ca-trust', 'extract'] },
  // Debian, Ubuntu, Alpine
  { folder: '/usr/local/share/ca-certificates', update: ['update-ca-certificates'] },
  // Arch
  { folder: '/etc/ca-certificates/trust-source/anchors', update: ['trust', 'extract-compat'] },
  // openSUSE
  { folder: '/etc/pki/trust/anchors', update: ['update-ca-certificates'] },
];

function linux({ folder, update }: Anchors, { file, name }: TrustedFile): TrustStore {
  // Each user has an authority. Debian takes only what ends in .crt.
  const anchor = join(folder, `${name.replaceAll(' ', '-')}.crt`);
  return {
    name: 'the system (curl, Python, Ruby …)',
    needsRoot: true,
    trust: [['install', '-m', '644', file, anchor], update],
    undo: [['rm', '-f', anchor], update],
  };
}

/** The user's own keychain, which asks for the user's password, not root's. */
function keychain({ home }: Machine, { file }: TrustedFile): TrustStore {
  const login = join(home, 'Library/Keychains/login.keychain-db');
  return {
    name: 'the login keychain (Safari, Chrome, curl …)',
    needsRoot: false,
    trust: [['security', 'add-trusted-cert', '-r', 'trustRoot', '-p', 'ssl', '-k', login, file]],
    undo: [['security', 'remove-trusted-cert', file]],
  };
}

function windows({ file, name }: TrustedFile): TrustStore {
  return {
    name: 'Windows (Edge, Chrome …)',
    needsRoot: false,
    trust: [['certutil', '-user', '-addstore', 'Root', file]],
    undo: [['certutil', '-user', '-delstore', 'Root', name]],
  };
}

/** Firefox everywhere, and Chromium and its kin on Linux, look into databases of their own. */
function browserStores(
  { platform, home, exists, list }: Machine,
  { file, name }: TrustedFile,
): readonly TrustStore[] {
  // On Windows, certutil is another program.
  if (platform === 'win32') return [];
  const profiles = FIREFOX.map((folder) => join(home, folder)).flatMap((folder) =>
    list(folder).map((profile) => ['Firefox', join(folder, profile)] as const),
  );
  const shared = CHROMIUM.map((folder) => ['Chromium, Chrome', join(home, folder)] as const);
  return [...shared, ...profiles]
    .filter(([, folder]) => exists(join(folder, 'cert9.db')))
    .map(([browser, folder]) => ({
      name: `${browser} (${folder})`,
      needsRoot: false,
      trust: [['certutil', '-d', `sql:${folder}`, '-A', '-t', 'C,,', '-n', name, '-i', file]],
      undo: [['certutil', '-d', `sql:${folder}`, '-D', '-n', name]],
      install: platform === 'darwin' ? 'brew install nss' : 'libnss3-tools on Debian, nss-tools on Fedora',
    }));
}

/** https://chromium.googlesource.com/chromium/src/+/main/docs/linux/cert_management.md */
const CHROMIUM = ['.pki/nssdb', '.local/share/pki/nssdb', 'snap/chromium/current/.pki/nssdb'] as const;

/** Folders of profiles. */
const FIREFOX = [
  '.mozilla/firefox',
  '.config/mozilla/firefox',
  'snap/firefox/common/.mozilla/firefox',
  '.var/app/org.mozilla.firefox/.mozilla/firefox',
  'Library/Application Support/Firefox/Profiles',
] as const;
