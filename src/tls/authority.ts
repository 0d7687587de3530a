import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createFile, replaceFile } from '../base/atomic-file.js';
import { errorMessage, UserError } from '../base/errors.js';
import { readIfThere } from '../base/read.js';
import { LEAF_DAYS, makeAuthorityCertificate, makeKey, makeLeafCertificate } from './certificate.js';

const DAY = 24 * 60 * 60 * 1000;

/** How long before its end a leaf certificate is renewed. */
const RENEWAL_MS = 30 * DAY;

/** In every leaf certificate. OpenSSL and browsers reject wildcards below a top-level name: see `leafFor`. */
const HOST_NAMES = ['localhost', '*.localhost'] as const;

/** A server's key and certificate. */
export interface Leaf {
  readonly key: string;
  /** In PEM, like the key. */
  readonly certificate: string;
  /** When to replace it: wall-clock ms. */
  readonly renewAt: number;
}

/**
 * Reads the user's certificate authority, or creates it. Safe for any number of processes at once.
 * @param now wall-clock ms
 * @throws UserError `DATA_UNUSABLE`
 */
export function openAuthority(folder: string, now: number): Authority {
  const file = join(folder, 'ca-key.pem');
  try {
    const known = readPair(file);
    // An authority that expires before its leaf certificates is replaced: users must trust a new one anyway.
    if (known !== undefined && endOf(known.certificate) - now > LEAF_DAYS * DAY)
      return new Authority(folder, known);
    const made = newAuthority(now);
    // If another process was first, use its authority.
    if (known === undefined) createFile(file, textOf(made));
    else replaceFile(file, textOf(made));
    return new Authority(folder, readPair(file) ?? made);
  } catch (error) {
    throw new UserError(
      'DATA_UNUSABLE',
      `dynosim cannot keep its certificates in ${folder}: ${errorMessage(error)}`,
      'Set XDG_DATA_HOME to a folder of your own.',
    );
  }
}

/** Signs servers' certificates. */
export class Authority {
  /** The file with the certificate only, for trust stores. */
  readonly certificateFile: string;
  readonly #folder: string;
  readonly #pair: Pair;

  constructor(folder: string, pair: Pair) {
    this.#folder = folder;
    this.#pair = pair;
    this.certificateFile = join(folder, 'ca.crt');
    const text = pair.certificate.toString();
    if (readIfThere(this.certificateFile) !== text) replaceFile(this.certificateFile, text, 0o644);
  }

  get certificate(): X509Certificate {
    return this.#pair.certificate;
  }

  /**
   * A certificate for `localhost` and the loopback addresses. It is the same in every process, so that the user needs
   * to accept it in a browser only once.
   * @param now wall-clock ms
   */
  leaf(now: number): Leaf {
    const file = join(this.#folder, 'localhost.pem');
    const known = this.#readLeaf(file, now);
    if (known !== undefined) return known;
    const key = makeKey();
    const made = this.#sign(key, HOST_NAMES, now);
    try {
      replaceFile(file, `${made.key}${made.certificate}`);
    } catch {
      // Each process then has its own.
    }
    return made;
  }

  /** A certificate for an additional name below `localhost`. */
  leafFor(name: string, leaf: Leaf, now: number): Leaf {
    return this.#sign(createPrivateKey(leaf.key), [name, ...HOST_NAMES], now);
  }

  #sign(key: KeyObject, names: readonly [string, ...string[]], now: number): Leaf {
    const certificate = makeLeafCertificate(this.#pair.key, key, names, now);
    return { key: pem(key), certificate, renewAt: endOf(new X509Certificate(certificate)) - RENEWAL_MS };
  }

  /** A certificate stored by another process, if it is still valid for a while. */
  #readLeaf(file: string, now: number): Leaf | undefined {
    try {
      const pair = readPair(file);
      if (pair === undefined || !pair.certificate.verify(this.certificate.publicKey)) return undefined;
      const renewAt = endOf(pair.certificate) - RENEWAL_MS;
      const isYoung = Date.parse(pair.certificate.validFrom) <= now && now < renewAt;
      return isYoung ? { key: pem(pair.key), certificate: pair.certificate.toString(), renewAt } : undefined;
    } catch {
      return undefined;
    }
  }
}

interface Pair {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
}

function newAuthority(now: number): Pair {
  const key = makeKey();
  return { key, certificate: new X509Certificate(makeAuthorityCertificate(key, now)) };
}

function endOf(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Key and certificate share a file, so that they always match. */
function textOf({ key, certificate }: Pair): string {
  return `${pem(key)}${certificate.toString()}`;
}

/** undefined if the file does not exist. */
function readPair(file: string): Pair | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  // The key is secret, even if the file was copied with other permissions.
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  try {
    const pair = { key: createPrivateKey(text), certificate: new X509Certificate(text) };
    if (pair.certificate.checkPrivateKey(pair.key)) return pair;
  } catch {}
  throw new Error(`${file} is damaged, remove it`);
}
