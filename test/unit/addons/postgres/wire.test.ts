import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import {
  decodeError,
  decodeRow,
  MessageReader,
  quoteName,
  quoteText,
} from '../../../../src/addons/postgres/wire.js';

function message(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

const row = (...columns: readonly (string | null)[]): Buffer =>
  Buffer.concat([
    Buffer.from([0, columns.length]),
    ...columns.map((text) =>
      text === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(text)), Buffer.from(text)]),
    ),
  ]);

test('messages are read whatever the chunks', () => {
  const stream = Buffer.concat([message('D', row('a')), message('Z', 'I'), message('C', '')]);
  for (let size = 1; size <= stream.length; size++) {
    const reader = new MessageReader();
    const read: string[] = [];
    for (let at = 0; at < stream.length; at += size)
      for (const { type, body } of reader.push(stream.subarray(at, at + size)))
        read.push(`${type}${body.length}`);
    expect(read, `chunks of ${size}`).toEqual(['D7', 'Z1', 'C0']);
  }
});

test('a row has texts, empty texts and nulls', () => {
  expect(decodeRow(row('17', '', null, 'ä'))).toEqual(['17', '', null, 'ä']);
  expect(decodeRow(row())).toEqual([]);
});

test('an error has its message and its SQLSTATE', () => {
  const fields = 'SERROR\0VERROR\0C42P04\0Mdatabase "d" already exists\0\0';
  expect(decodeError(Buffer.from(fields))).toMatchObject({
    message: 'database "d" already exists',
    code: '42P04',
  });
});

test('names and texts cannot leave their quotes', () => {
  expect(quoteName('a"b')).toBe('"a""b"');
  expect(quoteText("it's")).toBe("'it''s'");
});
