import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { bits, context, contextBytes, integer, octets, oid, sequence, set, time, utf8, yes } from './der.js';

/** Creates certificates for authorities and servers, according to RFC 5280. */

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
  ed25519: '1.3.101.112',
} as const;

/** On the curve P-256. */
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
    issuer: authorityName(key),
    subject: authorityName(key),
    publicKey: createPublicKey(key),
    ...period(now, AUTHORITY_DAYS),
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
    issuer: authorityName(authorityKey),
    // A common name has at most 64 characters. Clients check the full name in the extension.
    subject: distinguishedName(names[0].slice(-64)),
    publicKey: createPublicKey(key),
    ...period(now, LEAF_DAYS),
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

/** What precedes an Ed25519 key's 32 bytes in PKCS #8. RFC 8410 7 */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The key and certificate of a server whose clients cannot verify it. They are made of a secret alone, so that they are
 * the same each time. With Ed25519, as its signatures are.
 * @param secret the key can be computed by all who know it
 * @returns in PEM
 */
export function certificateFromSecret(secret: string, name: string): { key: string; certificate: string } {
  const seed = createHmac('sha256', secret).update('dynosim tls').digest();
  const pkcs8 = Buffer.concat([ED25519_PREFIX, seed]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const subject = distinguishedName(name.slice(-64));
  const certificate = makeCertificate({
    issuerKey: key,
    issuer: subject,
    subject,
    publicKey: createPublicKey(key),
    from: Date.UTC(2025, 0),
    until: Date.UTC(2050, 0) - 1000,
    serial: keyId(key).subarray(0, 16),
    extensions: [extension(OID.subjectAltName, sequence(dnsName(name)))],
  });
  return { key: key.export({ format: 'pem', type: 'pkcs8' }).toString(), certificate };
}

interface CertificateFields {
  readonly issuerKey: KeyObject;
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  /** Wall-clock ms; both moments are inside the period. */
  readonly from: number;
  readonly until: number;
  /** By default a random one. */
  readonly serial?: Buffer;
  readonly extensions: readonly Buffer[];
}

function period(now: number, days: number): Pick<CertificateFields, 'from' | 'until'> {
  const from = now - CLOCK_SKEW_DAYS * DAY;
  return { from, until: from + days * DAY - 1000 };
}

function makeCertificate(fields: CertificateFields): string {
  const { issuerKey, issuer, subject, publicKey, from, until, serial = randomBytes(16), extensions } = fields;
  const isEd25519 = issuerKey.asymmetricKeyType === 'ed25519';
  const algorithm = sequence(oid(isEd25519 ? OID.ed25519 : OID.ecdsaWithSha256));
  const content = sequence(
    context(0, integer(Buffer.of(2))), // version 3
    integer(serial),
    algorithm,
    issuer,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    context(3, sequence(...extensions)),
  );
  const signature = sign(isEd25519 ? null : 'sha256', content, issuerKey);
  const lines =
    sequence(content, algorithm, bits(signature))
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
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
