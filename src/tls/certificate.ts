import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { bits, context, contextBytes, integer, octets, oid, sequence, set, time, utf8, yes } from './der.js';

/** Creates certificates for authorities and servers, according to RFC 5280, with keys on the curve P-256. */

const DAY = 24 * 60 * 60 * 1000;

const AUTHORITY_DAYS = 3650;

/** Browsers refuse more than 398. https://support.apple.com/en-us/102028 */
export const LEAF_DAYS = 397;

/** Another machine's clock, such as a virtual machine's, may be slow. */
const CLOCK_SKEW_DAYS = 1;

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const;

export function makeKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
}

/**
 * A certificate authority that is safe to trust: what it signs is valid only for names and addresses of this machine,
 * and only for servers.
 * @param now wall-clock ms
 * @returns in PEM
 */
export function makeAuthorityCertificate(key: KeyObject, now: number): string {
  return makeCertificate({
    issuerKey: key,
    subject: authorityName(key),
    publicKey: createPublicKey(key),
    now,
    days: AUTHORITY_DAYS,
    extensions: [
      // No intermediate authorities.
      extension(OID.basicConstraints, sequence(yes(), integer(Buffer.of(0))), 'critical'),
      // keyCertSign
      extension(OID.keyUsage, bits(Buffer.of(0x04), 2), 'critical'),
      extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
      extension(OID.nameConstraints, sequence(context(0, ...PERMITTED)), 'critical'),
      extension(OID.subjectKeyId, octets(keyId(key))),
    ],
  });
}

/** 127.0.0.1 and ::1 */
const LOOPBACK = { v4: Buffer.of(127, 0, 0, 1), v6: Buffer.from([...Array<number>(15).fill(0), 1]) } as const;

/** `localhost` and all names below it, 127.0.0.0/8, ::1. RFC 5280 4.2.1.10 */
const PERMITTED: readonly Buffer[] = [
  dnsName('localhost'),
  ipAddress(Buffer.of(127, 0, 0, 0), Buffer.of(255, 0, 0, 0)),
  ipAddress(LOOPBACK.v6, Buffer.alloc(16, 0xff)),
].map((name) => sequence(name));

/**
 * A certificate for a server at the loopback addresses.
 * @param names its host names; the first one is its display name
 * @param now wall-clock ms
 * @returns in PEM
 */
export function makeLeafCertificate(
  authorityKey: KeyObject,
  key: KeyObject,
  names: readonly [string, ...string[]],
  now: number,
): string {
  return makeCertificate({
    issuerKey: authorityKey,
    // A common name has at most 64 characters. Clients check the full name in the extension.
    subject: distinguishedName(names[0].slice(-64)),
    publicKey: createPublicKey(key),
    now,
    days: LEAF_DAYS,
    extensions: [
      extension(OID.basicConstraints, sequence(), 'critical'),
      // digitalSignature
      extension(OID.keyUsage, bits(Buffer.of(0x80), 7), 'critical'),
      extension(OID.extendedKeyUsage, sequence(oid(OID.serverAuth))),
      extension(
        OID.subjectAltName,
        sequence(...names.map(dnsName), ipAddress(LOOPBACK.v4), ipAddress(LOOPBACK.v6)),
      ),
      extension(OID.subjectKeyId, octets(keyId(key))),
      extension(OID.authorityKeyId, sequence(contextBytes(0, keyId(authorityKey)))),
    ],
  });
}

interface CertificateFields {
  readonly issuerKey: KeyObject;
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly now: number;
  readonly days: number;
  readonly extensions: readonly Buffer[];
}

function makeCertificate(fields: CertificateFields): string {
  const { issuerKey, subject, publicKey, now, days, extensions } = fields;
  const from = now - CLOCK_SKEW_DAYS * DAY;
  const algorithm = sequence(oid(OID.ecdsaWithSha256));
  const content = sequence(
    context(0, integer(Buffer.of(2))), // version 3
    integer(randomBytes(16)),
    algorithm,
    authorityName(issuerKey),
    // Both moments are inside the period.
    sequence(time(from), time(from + days * DAY - 1000)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions)),
  );
  const der = sequence(content, algorithm, bits(sign('sha256', content, issuerKey)));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** The name contains a hash of the key, because nothing else distinguishes one authority from another. */
function authorityName(key: KeyObject): Buffer {
  return distinguishedName(`dynosim local CA ${keyId(key).toString('hex', 0, 4)}`);
}

function distinguishedName(commonName: string): Buffer {
  const attribute = (type: string, value: string): Buffer => set(sequence(oid(type), utf8(value)));
  return sequence(attribute(OID.organization, 'dynosim'), attribute(OID.commonName, commonName));
}

/** RFC 7093 */
function keyId(key: KeyObject): Buffer {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

function extension(id: string, value: Buffer, importance?: 'critical'): Buffer {
  return sequence(oid(id), ...(importance === 'critical' ? [yes()] : []), octets(value));
}

/** A GeneralName with a host name, as `ipAddress` with an address. */
function dnsName(name: string): Buffer {
  return contextBytes(2, Buffer.from(name, 'latin1'));
}

function ipAddress(...parts: readonly Buffer[]): Buffer {
  return contextBytes(7, Buffer.concat(parts));
}
