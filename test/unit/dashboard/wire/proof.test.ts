import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isProof, makeNonce } from '../../../../src/dashboard/wire/proof.js';

test('only who knows the session can prove it', async () => {
  const key = createHash('sha256').update('id.secret').digest();
  const proof = createHmac('sha256', key).update('127.0.0.1:41234\nnonce').digest('base64url');
  expect(await isProof(proof, 'id.secret', '127.0.0.1:41234', 'nonce')).toBe(true);
  expect(await isProof(proof, 'id.secret', '127.0.0.1:41234', 'other')).toBe(false);
  expect(await isProof(proof, 'id.other', '127.0.0.1:41234', 'nonce')).toBe(false);
  expect(await isProof('AAAA', 'id.secret', '127.0.0.1:41234', 'nonce')).toBe(false);
});

test('no two nonces are the same', () => {
  expect(makeNonce()).toMatch(/^[0-9a-f]{32}$/);
  expect(makeNonce()).not.toBe(makeNonce());
});
