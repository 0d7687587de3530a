import fc from 'fast-check';

/**
 * Any text that is valid Unicode. fast-check's own `unit: 'binary'` gives the same, and takes seconds to set up.
 * Lengths are in code points.
 */
export function anyText(lengths: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> {
  const codePoint = fc.oneof(fc.nat(0xd7ff), fc.integer({ min: 0xe000, max: 0x10ffff }));
  return fc.array(codePoint, lengths).map((codePoints) => String.fromCodePoint(...codePoints));
}
