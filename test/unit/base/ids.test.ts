import { expect, test } from 'vitest';
import { fingerprint, idOf, randomId } from '../../../src/base/ids.js';

test('a random ID is a UUID of version 4, each time another one', () => {
  const ids = Array.from({ length: 1000 }, randomId);
  for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  expect(new Set(ids).size).toBe(1000);
});

test('the fingerprint of a text stays the same, because folders on disk have it in their names', () => {
  expect(fingerprint('')).toMatchInlineSnapshot(`"811c9dc59e3779b9"`);
  expect(fingerprint('/home/you/my-app')).toMatchInlineSnapshot(`"45a6a0b21308502f"`);
});

test('texts that hardly differ have fingerprints that differ in both halves', () => {
  const texts = Array.from({ length: 20_000 }, (_, index) => `/home/you/app-${index}`);
  // Of so many random numbers of 32 bits, hardly any happen to be equal.
  for (const half of [0, 8])
    expect(new Set(texts.map((text) => fingerprint(text).slice(half, half + 8))).size).toBeGreaterThan(
      19_990,
    );
  expect(new Set(texts.map(fingerprint)).size).toBe(20_000);
});

test('the ID of words stays the same, because clients keep it, and depends on where each word ends', () => {
  expect(idOf('dynosim', 'eco')).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  expect(idOf('dynosim', 'eco')).toMatchInlineSnapshot(`"4c42f2cd-8f89-84d0-8a64-38b7c703d607"`);
  expect(idOf('dyno', 'simeco')).not.toBe(idOf('dynosim', 'eco'));
});
