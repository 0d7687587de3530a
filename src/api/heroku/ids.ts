import { crypto } from '../../base/crypto.js';

/** An ID in the format of a UUID, always the same for the same words. */
export function stableId(...words: readonly string[]): string {
  const hash = crypto().createHash('sha1').update(words.join('\0')).digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `5${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}
