/**
 * IDs that are not secret, so it does not matter that they can be guessed. They are made without node:crypto, which
 * takes longer to load than a dyno takes to start: see crypto.ts.
 */

/** A random UUID (version 4). Not for secrets, because it can be guessed. */
export function randomId(): string {
  return `${randomHex(8)}-${randomHex(4)}-4${randomHex(3)}-a${randomHex(3)}-${randomHex(12)}`;
}

function randomHex(digits: number): string {
  return Math.floor(Math.random() * 16 ** digits)
    .toString(16)
    .padStart(digits, '0');
}

/** An ID in the format of a UUID (version 8), always the same for the same words. */
export function idOf(...words: readonly string[]): string {
  const text = words.join('\0');
  const hash = `${fingerprint(text)}${fingerprint(`${text}\0`)}`;
  const parts = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20),
  ];
  return parts.join('-');
}

/** The hash of a text: 16 hexadecimal digits, from two multiplicative hashes of 32 bits. */
export function fingerprint(text: string): string {
  let [one, other] = [0x811c9dc5, 0x9e3779b9];
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // The prime of FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
    one = Math.imul(one ^ unit, 0x01000193);
    // A shift as well, so that no two texts agree in both for one reason.
    other = Math.imul(other ^ (other >>> 15) ^ unit, 0x2c1b3c6d);
  }
  return [one, other].map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('');
}
