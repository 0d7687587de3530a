import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { PacketLimit } from '../../../src/git/packet-limit.js';

const MB = 1024 * 1024;

/** One packet of git's. */
function packet(text: string): string {
  return (text.length + 4).toString(16).padStart(4, '0') + text;
}

async function pass(chunks: Iterable<Buffer | string>, hasPack: boolean): Promise<number> {
  return (await buffer(Readable.from(chunks).compose(new PacketLimit(hasPack)))).length;
}

function* times(count: number, text: string): Generator<Buffer> {
  const chunk = Buffer.from(text);
  for (let n = 0; n < count; n += 1) yield chunk;
}

test('a pack may be of any size', async () => {
  const head = `${packet('0000000 what git is told, zeros and all')}0000`;
  expect(await pass([head, ...times(40, 'x'.repeat(MB))], true)).toBe(head.length + 40 * MB);
});

test('where a chunk ends makes no difference', async () => {
  const head = `${packet('0000')}${packet('a')}0000`;
  const body = [...head].map((letter) => Buffer.from(letter));
  expect(await pass([...body, ...times(20, 'x'.repeat(MB))], true)).toBe(head.length + 20 * MB);
});

test('where a shallow clone ends is noted, wherever a chunk ends', async () => {
  const [first, second] = ['1'.repeat(40), 'a'.repeat(64)];
  const lines = [
    `shallow ${first}`,
    `shallow ${second}\n`,
    `0 shallow ${first}`,
    `shallow ${'x'.repeat(40)}`,
  ];
  const body = `${lines.map(packet).join('')}0000${packet(`shallow ${'2'.repeat(40)}`)}`;
  for (const chunks of [[body], [...body]]) {
    const packets = new PacketLimit(true);
    await buffer(Readable.from(chunks.map((chunk) => Buffer.from(chunk))).compose(packets));
    expect(packets.shallow).toEqual([first, second]);
  }
});

test.each([
  ['refs without end', packet('0000'.repeat(1000)), true],
  ['empty packets without end', '0004'.repeat(1000), true],
  ['what is no packet', 'zzzz'.repeat(1000), true],
  ['a fetch that is too large', 'x'.repeat(MB), false],
])('%s are cut off', async (_name, text, hasPack) => {
  await expect(pass(times(20_000, text), hasPack)).rejects.toThrow('too large');
});
