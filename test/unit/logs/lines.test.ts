import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOG_LIMITS } from '../../../src/base/limits.js';
import { Gate } from '../../../src/logs/gate.js';
import { HALF_LINE_PAUSE_MS, LineSplitter } from '../../../src/logs/lines.js';
import { ManualClock } from '../../helpers/manual-clock.js';

const LIMIT = LOG_LIMITS.lineBytes;

/** A splitter and its output: `text`, or `part: text`. */
function startSplitter() {
  const clock = new ManualClock();
  const gate = new Gate();
  const passed: string[] = [];
  const splitter = new LineSplitter({
    clock,
    gate,
    onLines: (lines, part) => passed.push(...lines.map((line) => (part ? `${part}: ${line}` : line))),
  });
  const push = (text: string | Uint8Array) => splitter.push(Buffer.from(text));
  return { clock, gate, passed, splitter, push };
}

function linesOf(...chunks: readonly (string | Uint8Array)[]): readonly string[] {
  const { clock, passed, splitter, push } = startSplitter();
  for (const chunk of chunks) push(chunk);
  splitter.end();
  expect(clock.pending).toBe(0);
  return passed;
}

describe('lines', () => {
  test('end at LF and at CRLF, also when the two come apart', () => {
    expect(linesOf('a\nb\r\nc\r', '\nd\n')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('may be empty, and keep spaces, tabs and colors', () => {
    expect(linesOf('\n\n  a\tb \n\x1b[31mred\x1b[0m\n\r\n')).toEqual([
      '',
      '',
      '  a\tb ',
      '\x1b[31mred\x1b[0m',
      '',
    ]);
  });

  test('keep a lone CR, as a progress bar writes it', () => {
    expect(linesOf('10%\r20%\rdone\r\r\n')).toEqual(['10%\r20%\rdone\r']);
  });

  test('need no line end at the end of the output', () => {
    expect(linesOf('a\nlast')).toEqual(['a', 'last']);
    expect(linesOf('a\nlast\r')).toEqual(['a', 'last']);
    expect(linesOf('a\n')).toEqual(['a']);
    expect(linesOf()).toEqual([]);
  });

  test('have whole characters, wherever a chunk ends', () => {
    const bytes = Buffer.from('é€😀\n');
    expect(linesOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(['é€😀']);
  });

  test('show invalid UTF-8 as U+FFFD and lose nothing else', () => {
    expect(linesOf(Buffer.from([0x61, 0xff, 0x62, 0xe2, 0x82, 0x0a, 0x63, 0xc3, 0x0a]))).toEqual([
      'a\ufffdb\ufffd',
      'c\ufffd',
    ]);
  });

  test('are the same wherever the chunks begin and end', () => {
    fc.assert(
      fc.property(output, fc.array(fc.nat()), (bytes, places) => {
        expect(linesOf(...cut(bytes, places))).toEqual(linesOf(bytes));
      }),
    );
  });

  test('put together again give the output', () => {
    const short = fc
      .string({ unit: 'grapheme', maxLength: 50 })
      .map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(short), fc.constantFrom('\n', '\r\n'), (lines, lineEnd) => {
        expect(linesOf(lines.map((line) => line + lineEnd).join(''))).toEqual(lines);
      }),
    );
  });
});

/** Arbitrary bytes with many difficult parts: line ends, incomplete characters, lines close to the limit. */
const output = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom('\n', '\r\n', '\r', 'é', '€', '😀', 'a').map((text) => Buffer.from(text)),
      fc.integer({ min: LIMIT - 5, max: LIMIT + 5 }).map((length) => Buffer.alloc(length, 'x')),
      fc.integer({ min: 2490, max: 5010 }).map((count) => Buffer.from('😀'.repeat(count))),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => Buffer.concat(pieces));

function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return [0, ...sorted].map((start, index) => bytes.subarray(start, sorted[index] ?? bytes.length));
}

describe('a line over 10,000 bytes', () => {
  test('becomes pieces of 10,000 bytes, and one of exactly 10,000 stays whole', () => {
    const lengths = (text: string) => linesOf(text).map((line) => line.length);
    expect(lengths(`${'x'.repeat(LIMIT)}\na\n`)).toEqual([LIMIT, 1]);
    expect(lengths(`${'x'.repeat(LIMIT)}\r\na\n`)).toEqual([LIMIT, 1]);
    expect(linesOf(`${'x'.repeat(LIMIT)}\r`, '\na\n')).toEqual(['x'.repeat(LIMIT), 'a']);
    expect(lengths(`${'x'.repeat(LIMIT + 1)}\na\n`)).toEqual([LIMIT, 1, 1]);
    expect(lengths(`${'x'.repeat(2 * LIMIT)}\na\n`)).toEqual([LIMIT, LIMIT, 1]);
    expect(lengths('x'.repeat(2 * LIMIT))).toEqual([LIMIT, LIMIT]);
  });

  test('is never cut inside a character', () => {
    for (const shift of ['', 'a', 'ab', 'abc']) {
      const line = shift + '😀'.repeat(LIMIT);
      const pieces = linesOf(`${line}\n`);
      expect(pieces.join('')).toBe(line);
      for (const piece of pieces) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(LIMIT);
    }
  });

  test('does not pile up: 300 MB without a line end', () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let bytes = 0;
    const splitter = new LineSplitter({
      clock: new ManualClock(),
      gate: new Gate(),
      onLines: (lines) => {
        for (const line of lines) bytes += line.length;
      },
    });
    const before = process.memoryUsage().rss;
    for (let index = 0; index < 4800; index++) splitter.push(chunk);
    splitter.end();
    expect(bytes).toBe(4800 * chunk.length);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  });
});

describe('a partial line', () => {
  test('is shown after a pause, and what follows is shown as the rest of it', async () => {
    const { clock, passed, push } = startSplitter();
    push('Compiling... ');
    await clock.advance(HALF_LINE_PAUSE_MS - 1);
    expect(passed).toEqual([]);
    await clock.advance(1);
    push('linking... ');
    await clock.advance(HALF_LINE_PAUSE_MS);
    push('done\nnext\n');
    expect(passed).toEqual(['first: Compiling... ', 'middle: linking... ', 'last: done', 'next']);
    expect(clock.pending).toBe(0);
  });

  test('is not cut off when the rest follows soon', async () => {
    const { clock, passed, push } = startSplitter();
    push('hello ');
    await clock.advance(300);
    push('wor');
    await clock.advance(300);
    push('ld\n');
    expect(passed).toEqual(['hello world']);
    expect(clock.pending).toBe(0);
  });

  test('is not cut off when dynosim itself was late to read the rest', async () => {
    const { clock, passed, push } = startSplitter();
    push('hello ');
    clock.after(HALF_LINE_PAUSE_MS, () => push('world\n'));
    await clock.advance(HALF_LINE_PAUSE_MS);
    expect(passed).toEqual(['hello world']);
  });

  test('is not cut off while the dyno is not read', async () => {
    const { clock, gate, passed, push } = startSplitter();
    push('hello ');
    gate.hold();
    await clock.advance(60_000);
    gate.release();
    await clock.advance(HALF_LINE_PAUSE_MS - 1);
    push('world\n');
    expect(passed).toEqual(['hello world']);
  });

  test('followed only by its line end adds nothing', async () => {
    const { clock, passed, push } = startSplitter();
    push('Password: ');
    await clock.advance(HALF_LINE_PAUSE_MS);
    push('\r\nnext\n');
    expect(passed).toEqual(['first: Password: ', 'next']);
  });

  test('waits with half a character and with a CR that may belong to a CRLF', async () => {
    const { clock, passed, push } = startSplitter();
    push(Buffer.from('50 €').subarray(0, -1));
    await clock.advance(HALF_LINE_PAUSE_MS);
    push(Buffer.from('€').subarray(-1));
    push('\r');
    await clock.advance(HALF_LINE_PAUSE_MS);
    push('\n');
    expect(passed).toEqual(['first: 50 ', 'middle: €']);
  });

  test('at the end of the output leaves no timer', async () => {
    const { clock, gate, passed, push, splitter } = startSplitter();
    push('hello ');
    await clock.advance(HALF_LINE_PAUSE_MS);
    push('world');
    splitter.end();
    splitter.end();
    gate.hold();
    gate.release();
    expect(passed).toEqual(['first: hello ', 'last: world']);
    expect(clock.pending).toBe(0);
  });
});
