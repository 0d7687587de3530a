import { spawnSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openAuthority } from '../../../src/tls/authority.js';
import { makeKey, makeLeafCertificate } from '../../../src/tls/certificate.js';
import { makeFolder } from '../../helpers/folder.js';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.now();

/** A data folder that is not there yet. */
function newFolder(): string {
  return join(makeFolder(), 'share', 'dynosim');
}

function modeOf(...path: readonly string[]): string {
  return (statSync(join(...path)).mode & 0o777).toString(8);
}

describe('the authority', () => {
  test('is made once, for its owner alone', () => {
    const folder = newFolder();
    const made = openAuthority(folder, NOW);
    expect(openAuthority(folder, NOW).certificate.fingerprint256).toBe(made.certificate.fingerprint256);
    made.leaf(NOW);
    expect(readdirSync(folder).sort()).toEqual(['ca-key.pem', 'ca.crt', 'localhost.pem']);
    expect(modeOf(folder)).toBe('700');
    expect(modeOf(folder, 'ca-key.pem')).toBe('600');
    expect(modeOf(folder, 'localhost.pem')).toBe('600');
    expect(readFileSync(made.certificateFile, 'utf8')).toBe(made.certificate.toString());
  });

  test('protects its key, even if the file was readable by others', () => {
    const folder = newFolder();
    openAuthority(folder, NOW);
    chmodSync(join(folder, 'ca-key.pem'), 0o644);
    openAuthority(folder, NOW);
    expect(modeOf(folder, 'ca-key.pem')).toBe('600');
  });

  test('gives its certificate again if that is lost', () => {
    const folder = newFolder();
    const { certificateFile } = openAuthority(folder, NOW);
    rmSync(certificateFile);
    expect(readFileSync(openAuthority(folder, NOW).certificateFile, 'utf8')).toMatch(/^-----BEGIN CERT/);
  });

  test('is replaced before it could sign a certificate that outlives it', () => {
    const folder = newFolder();
    const first = openAuthority(folder, NOW).certificate;
    expect(openAuthority(folder, NOW + 3200 * DAY).certificate.serialNumber).toBe(first.serialNumber);
    const later = NOW + 3300 * DAY;
    const second = openAuthority(folder, later).certificate;
    expect(second.serialNumber).not.toBe(first.serialNumber);
    expect(openAuthority(folder, later).certificate.serialNumber).toBe(second.serialNumber);
    expect(readFileSync(join(folder, 'ca.crt'), 'utf8')).toBe(second.toString());
  });

  test.each([
    ['a folder that is none', '', 'ENOTDIR'],
    ['a damaged key', 'ca-key.pem', 'ca-key.pem is damaged, remove it'],
  ])('explains in a sentence what is wrong with %s', (_, name, what) => {
    const folder = name === '' ? join(makeFolder(), 'dynosim') : newFolder();
    if (name !== '') openAuthority(folder, NOW);
    writeFileSync(join(folder, name), 'not this');
    expect(() => openAuthority(folder, NOW)).toThrow(
      expect.objectContaining({ code: 'DATA_UNUSABLE', message: expect.stringContaining(what) }),
    );
  });
});

describe('the leaf', () => {
  test('is the same in every process, until it ends within a month', () => {
    const folder = newFolder();
    const leaf = openAuthority(folder, NOW).leaf(NOW);
    expect(openAuthority(folder, NOW).leaf(NOW + 360 * DAY)).toEqual(leaf);
    const next = openAuthority(folder, NOW).leaf(NOW + 370 * DAY);
    expect(next.certificate).not.toBe(leaf.certificate);
    expect(openAuthority(folder, NOW).leaf(NOW + 371 * DAY)).toEqual(next);
  });

  test('is replaced if another authority has signed it, or if it is damaged', () => {
    const folder = newFolder();
    const leaf = openAuthority(folder, NOW).leaf(NOW);
    rmSync(join(folder, 'ca-key.pem'));
    const next = openAuthority(folder, NOW).leaf(NOW);
    expect(next.certificate).not.toBe(leaf.certificate);
    writeFileSync(join(folder, 'localhost.pem'), 'not this');
    expect(openAuthority(folder, NOW).leaf(NOW).certificate).not.toBe(next.certificate);
  });

  test('does not need a place', () => {
    const folder = newFolder();
    const authority = openAuthority(folder, NOW);
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    expect(authority.leaf(NOW).certificate).toMatch(/^-----BEGIN CERTIFICATE/);
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test.skipIf(!hasOpenssl)('OpenSSL believes it for the machine itself alone, as strictly as it can', () => {
  const folder = newFolder();
  const authority = openAuthority(folder, NOW);
  const { certificate } = authority.leaf(NOW);
  const verify = (pem: string, ...args: readonly string[]): string => {
    const file = join(folder, 'leaf.pem');
    writeFileSync(file, pem);
    const command = ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', authority.certificateFile];
    const { stdout, stderr } = spawnSync('openssl', [...command, ...args, file], { encoding: 'utf8' });
    return stdout + stderr;
  };
  expect(verify(certificate, '-verify_hostname', 'localhost')).toContain(': OK');
  expect(verify(certificate, '-verify_ip', '127.0.0.1')).toContain(': OK');
  expect(verify(certificate, '-verify_ip', '::1')).toContain(': OK');
  expect(verify(certificate, '-verify_hostname', 'example.com')).toContain('ostname mismatch');
  const key = readFileSync(join(folder, 'ca-key.pem'), 'utf8');
  for (const name of ['example.com', 'localhost.example.com', 'notlocalhost'])
    expect(verify(signedWith(key, name)), name).toContain('permitted subtree violation');
  expect(verify(signedWith(key, 'a.b.localhost'), '-verify_hostname', 'a.b.localhost')).toContain(': OK');
});

/** A certificate that a thief of the authority's key could make. */
function signedWith(authorityKey: string, name: string): string {
  return makeLeafCertificate(createPrivateKey(authorityKey), makeKey(), [name], NOW);
}
