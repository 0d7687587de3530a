/**
 * Writes DER, the encoding of certificates. Node's own parser reads it. ITU-T X.690
 */

const UNIVERSAL = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n]` in a specification, with other values inside. */
export function context(n: number, ...parts: readonly Buffer[]): Buffer {
  return node(0xa0 + n, parts);
}

/** `[n] IMPLICIT` in a specification, with plain bytes inside. */
export function contextBytes(n: number, bytes: Buffer): Buffer {
  return node(0x80 + n, [bytes]);
}

export function sequence(...parts: readonly Buffer[]): Buffer {
  return node(UNIVERSAL.sequence, parts);
}

export function set(...parts: readonly Buffer[]): Buffer {
  return node(UNIVERSAL.set, parts);
}

export function utf8(text: string): Buffer {
  return node(UNIVERSAL.utf8String, [Buffer.from(text)]);
}

export function octets(...parts: readonly Buffer[]): Buffer {
  return node(UNIVERSAL.octetString, parts);
}

export function yes(): Buffer {
  return node(UNIVERSAL.boolean, [Buffer.of(0xff)]);
}

/** A non-negative number, most significant byte first. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.of(0) : bytes.subarray(first);
  const isSigned = (digits[0] ?? 0) >= 0x80;
  return node(UNIVERSAL.integer, isSigned ? [Buffer.of(0), digits] : [digits]);
}

/** @param unused the number of unused bits at the end */
export function bits(bytes: Buffer, unused = 0): Buffer {
  return node(UNIVERSAL.bitString, [Buffer.of(unused), bytes]);
}

/** `2.5.4.3` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return node(UNIVERSAL.oid, [Buffer.from([first * 40 + second, ...rest.flatMap(base128)])]);
}

/** @param at wall-clock ms; four-digit years begin in 2050, as RFC 5280 4.1.2.5 requires */
export function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+|\D/g, '');
  const isLate = digits >= '2050';
  const text = `${isLate ? digits : digits.slice(2)}Z`;
  return node(isLate ? UNIVERSAL.generalizedTime : UNIVERSAL.utcTime, [Buffer.from(text)]);
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

function node(tag: number, parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}
