import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createFile, replaceFile } from '../base/atomic-file.js';
import { errorCode, errorMessage, UserError } from '../base/errors.js';
import { LEAF_DAYS, makeAuthorityCertificate, makeKey, makeLeafCertificate } from './certificate.js';

const DAY = 24 * 60 * 60 * 1000;

/** A leaf is made anew so long before it ends. */
const RENEWAL_MS = 30 * DAY;

/** Every leaf is for these. OpenSSL and browsers believe no wildcard below a top-level name: see `leafFor`. */
const HOST_NAMES = ['localhost', '*.localhost'] as const;

/** What a server needs. */
export interface Leaf {
  readonly key: string;
  /** In PEM, as the key. */
  readonly certificate: string;
  /** Wall-clock ms from when on another one is to be used. */
  readonly renewAt: number;
}

/**
 * The user's own certificate authority: read, or made if there is none. Any number of processes may ask at once.
 * @param now wall-clock ms
 * @throws UserError `DATA_UNUSABLE`
 */
export function openAuthority(folder: string, now: number): Authority {
  const file = join(folder, 'ca-key.pem');
  try {
    const known = readPair(file);
    // Of an old one, all would have to be trusted anew in any case.
    if (known !== undefined && endOf(known.certificate) - now > LEAF_DAYS * DAY)
      return new Authority(folder, known);
    const made = newAuthority(now);
    // If another process was first, its authority counts.
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

/** Signs what servers show. */
export class Authority {
  /** The certificate alone, for who is to trust it. */
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
   * For `localhost` and the loopback addresses; the same in every process, so that a browser that was told to
   * accept it need not be told again.
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
      // Then each process has its own.
    }
    return made;
  }

  /** For one more name, below `localhost`. */
  leafFor(name: string, leaf: Leaf, now: number): Leaf {
    return this.#sign(createPrivateKey(leaf.key), [name, ...HOST_NAMES], now);
  }

  #sign(key: KeyObject, names: readonly [string, ...string[]], now: number): Leaf {
    const certificate = makeLeafCertificate(this.#pair.key, key, names, now);
    return { key: pem(key), certificate, renewAt: endOf(new X509Certificate(certificate)) - RENEWAL_MS };
  }

  /** One that another process has left, if it is good for a while. */
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

/** Both in one file: nobody ever finds a key with another one's certificate. */
function textOf({ key, certificate }: Pair): string {
  return `${pem(key)}${certificate.toString()}`;
}

/** undefined: there is no such file. */
function readPair(file: string): Pair | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  // Wherever it was copied from: the key is its owner's secret.
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
  try {
    const pair = { key: createPrivateKey(text), certificate: new X509Certificate(text) };
    if (pair.certificate.checkPrivateKey(pair.key)) return pair;
  } catch {}
  throw new Error(`${file} is damaged, remove it`);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
