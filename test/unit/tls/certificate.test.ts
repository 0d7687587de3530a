import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  certificateFromSecret,
  makeAuthorityCertificate,
  makeKey,
  makeLeafCertificate,
} from '../../../src/tls/certificate.js';

const DAY = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 2, 1);
const authorityKey = makeKey();
const authority = new X509Certificate(makeAuthorityCertificate(authorityKey, NOW));
const key = makeKey();
const leaf = new X509Certificate(makeLeafCertificate(authorityKey, key, ['localhost', '*.localhost'], NOW));

test('an authority signs itself, and lasts ten years', () => {
  expect(authority.ca).toBe(true);
  expect(authority.subject).toMatch(/^O=dynosim\nCN=dynosim local CA [0-9a-f]{8}$/);
  expect(authority.issuer).toBe(authority.subject);
  expect(authority.verify(authority.publicKey)).toBe(true);
  expect(authority.checkPrivateKey(authorityKey)).toBe(true);
  expect(lifeOf(authority)).toEqual([NOW - DAY, NOW + 3649 * DAY - 1000]);
});

test('a leaf is for the names, for loopback addresses, and no longer than browsers take', () => {
  expect(leaf.subjectAltName).toBe(
    'DNS:localhost, DNS:*.localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  expect(leaf.ca).toBe(false);
  expect(leaf.checkIssued(authority)).toBe(true);
  expect(leaf.verify(authority.publicKey)).toBe(true);
  expect(leaf.checkPrivateKey(key)).toBe(true);
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(lifeOf(leaf)).toEqual([NOW - DAY, NOW + 396 * DAY - 1000]);
});

test('no two certificates share a serial number', () => {
  const other = new X509Certificate(makeLeafCertificate(authorityKey, key, ['localhost'], NOW));
  expect(other.serialNumber).not.toBe(leaf.serialNumber);
});

test('times before 2050 have two digits for the year, those after have four', () => {
  const late = new X509Certificate(makeAuthorityCertificate(authorityKey, Date.UTC(2049, 5, 1)));
  expect(lifeOf(late)).toEqual([Date.UTC(2049, 4, 31), Date.UTC(2049, 5, 1) + 3649 * DAY - 1000]);
});

test('a name of any length that DNS allows has its place', () => {
  const name = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(58)}.localhost`;
  const long = new X509Certificate(makeLeafCertificate(authorityKey, key, [name, 'localhost'], NOW));
  expect(long.subjectAltName).toContain(`DNS:${name}, DNS:localhost`);
  expect(long.checkHost(name)).toBe(name);
});

function lifeOf({ validFrom, validTo }: X509Certificate): readonly number[] {
  return [Date.parse(validFrom), Date.parse(validTo)];
}

test('a certificate from a secret is the same each time, signs itself, and lasts until 2049', () => {
  const made = certificateFromSecret('secret', 'redis-flat-54321');
  const one = new X509Certificate(made.certificate);
  expect(certificateFromSecret('secret', 'redis-flat-54321')).toEqual(made);
  expect(certificateFromSecret('other', 'redis-flat-54321').key).not.toBe(made.key);
  expect(one.checkPrivateKey(createPrivateKey(made.key))).toBe(true);
  expect(one.verify(one.publicKey)).toBe(true);
  expect(one.checkHost('redis-flat-54321')).toBe('redis-flat-54321');
  expect(lifeOf(one)).toEqual([Date.UTC(2025, 0), Date.UTC(2050, 0) - 1000]);
});
