/**
 * Checks that an answer comes from the dynosim that began a session: see `SessionProof`.
 * @param proof what was answered
 * @param host as the page calls the API
 */
export async function isProof(proof: string, token: string, host: string, nonce: string): Promise<boolean> {
  const hash = await crypto.subtle.digest('SHA-256', bytesOf(token));
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', hash, algorithm, false, ['verify']);
  return crypto.subtle.verify('HMAC', key, fromBase64url(proof), bytesOf(`${host}\n${nonce}`));
}

export function makeNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
