import { expect, test } from 'vitest';
import { type Machine, trustStores } from '../../../src/cli/trust/stores.js';

const CA = { file: '/data/ca.crt', name: 'dynosim local CA 1a2b3c4d' };

/** A machine with these files. */
function machine(platform: NodeJS.Platform, ...files: readonly string[]): Machine {
  const parts = files.map((file) => file.split('/'));
  return {
    platform,
    home: '/home/me',
    exists: (path) => files.some((file) => file === path || file.startsWith(`${path}/`)),
    list: (folder) => {
      const depth = folder.split('/').length;
      const inside = parts.filter((part) => part.slice(0, depth).join('/') === folder);
      return [...new Set(inside.flatMap((part) => part.slice(depth, depth + 1)))];
    },
  };
}

function trustLines(...args: Parameters<typeof machine>): readonly string[] {
  return trustStores(machine(...args), CA).flatMap(({ trust }) => trust.map((line) => line.join(' ')));
}

function undoLines(...args: Parameters<typeof machine>): readonly string[] {
  return trustStores(machine(...args), CA).flatMap(({ undo }) => undo.map((line) => line.join(' ')));
}

test.each([
  ['Debian', '/usr/local/share/ca-certificates', 'update-ca-certificates'],
  ['Fedora', '/etc/pki/ca-trust/source/anchors', 'update-ca-trust extract'],
  ['Arch', '/etc/ca-certificates/trust-source/anchors', 'trust extract-compat'],
  ['openSUSE', '/etc/pki/trust/anchors', 'update-ca-certificates'],
])('%s has a place for it in the system, for root', (_, folder, update) => {
  const anchor = `${folder}/dynosim-local-CA-1a2b3c4d.crt`;
  expect(trustStores(machine('linux', folder), CA).map(({ needsRoot }) => needsRoot)).toEqual([true]);
  expect(trustLines('linux', folder)).toEqual([`install -m 644 /data/ca.crt ${anchor}`, update]);
  expect(undoLines('linux', folder)).toEqual([`rm -f ${anchor}`, update]);
});

test("browsers' own databases are found, where they are", () => {
  const there = [
    '/home/me/.pki/nssdb/cert9.db',
    '/home/me/.mozilla/firefox/a.default/cert9.db',
    '/home/me/.mozilla/firefox/profiles.ini',
    '/home/me/snap/firefox/common/.mozilla/firefox/b/cert9.db',
  ];
  const folders = ['.pki/nssdb', '.mozilla/firefox/a.default', 'snap/firefox/common/.mozilla/firefox/b'];
  expect(trustLines('linux', ...there)).toEqual(
    folders.map((folder) => `certutil -d sql:/home/me/${folder} -A -t C,, -n ${CA.name} -i /data/ca.crt`),
  );
  expect(undoLines('linux', ...there)).toEqual(
    folders.map((folder) => `certutil -d sql:/home/me/${folder} -D -n ${CA.name}`),
  );
});

test('macOS has the login keychain and Firefox', () => {
  const profile = '/home/me/Library/Application Support/Firefox/Profiles/a';
  expect(trustLines('darwin', `${profile}/cert9.db`)).toEqual([
    'security add-trusted-cert -r trustRoot -p ssl -k /home/me/Library/Keychains/login.keychain-db /data/ca.crt',
    `certutil -d sql:${profile} -A -t C,, -n ${CA.name} -i /data/ca.crt`,
  ]);
});

test("Windows has the user's store", () => {
  expect(trustLines('win32')).toEqual(['certutil -user -addstore Root /data/ca.crt']);
});

test('where nothing is, nothing is found', () => {
  expect(trustLines('linux')).toEqual([]);
});
