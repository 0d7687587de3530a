import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { losslessStream, lossyStream, MAX_LAG_BYTES, Tee } from '../../../src/dynos/tee.js';
import { settle } from '../../helpers/manual-clock.js';
import { readNow } from '../../helpers/read-now.js';

/** A tee with a reader that records its input, like the log. */
function setup() {
  const tee = new Tee();
  const source = new PassThrough();
  const log = { text: '', isOver: false };
  const subscription = tee.subscribe({
    onData: (data) => {
      log.text += data;
    },
    onEnd: () => {
      log.isOver = true;
    },
  });
  return { tee, source, log, subscription, closed: tee.connect(source) };
}

async function say(source: PassThrough, text: string): Promise<void> {
  source.write(text);
  await settle();
}

test('every reader gets everything from when it joined, and the end', async () => {
  const { tee, source, log, closed } = setup();
  await say(source, 'before ');
  const guests = [losslessStream(tee), lossyStream(tee)].map(text);
  await say(source, 'after');
  source.end();
  expect(await Promise.all(guests)).toEqual(['after', 'after']);
  await closed;
  expect(log).toEqual({ text: 'before after', isOver: true });
});

test('a reader that leaves does not affect others', async () => {
  const { tee, source, log } = setup();
  const [leaver, other] = [lossyStream(tee), lossyStream(tee)];
  await say(source, 'a');
  leaver.destroy();
  await say(source, 'b');
  source.end();
  expect(await text(other)).toBe('ab');
  expect(log.text).toBe('ab');
});

test('all wait for a reader that holds, until it releases or leaves', async () => {
  const { tee, source, log } = setup();
  const holders = [1, 2].map(() => tee.subscribe({ onData: () => {}, onEnd: () => {} }));
  for (const holder of holders) holder.hold();
  await say(source, 'x');
  holders[0]?.release();
  await settle();
  expect(log.text).toBe('');
  holders[1]?.leave();
  await settle();
  expect(log.text).toBe('x');
});

test('a reader that has left can hold nothing', async () => {
  const { source, log, subscription, tee } = setup();
  const other = tee.subscribe({ onData: () => {}, onEnd: () => {} });
  other.leave();
  other.hold();
  subscription.release();
  await say(source, 'x');
  expect(log.text).toBe('x');
});

test('a hold before there is any output works', async () => {
  const tee = new Tee();
  const source = new PassThrough();
  let seen = '';
  const subscription = tee.subscribe({ onData: (data) => (seen += data), onEnd: () => {} });
  subscription.hold();
  void tee.connect(source);
  await say(source, 'x');
  expect(seen).toBe('');
  subscription.release();
  await settle();
  expect(seen).toBe('x');
});

test('the run waits for the client it is for, and nothing is lost', async () => {
  const { tee, source, log } = setup();
  const client = losslessStream(tee);
  const piece = 'x'.repeat(10_000);
  for (let count = 0; count < 100; count++) source.write(piece);
  await settle();
  // As much as a stream and the source buffer, and no more.
  expect(log.text.length).toBeLessThan(300_000);
  source.end();
  expect((await text(client)).length).toBe(1_000_000);
  expect(log.text.length).toBe(1_000_000);
});

test('the run does not wait for a client that has left without reading', async () => {
  const { tee, source, log } = setup();
  const client = losslessStream(tee);
  await say(source, 'x'.repeat(500_000));
  client.destroy();
  await say(source, 'y');
  source.end();
  await settle();
  expect(log).toEqual({ text: `${'x'.repeat(500_000)}y`, isOver: true });
});

test('the run does not wait for a slow guest, which is told what it missed', async () => {
  const { tee, source, log } = setup();
  const slow = lossyStream(tee);
  const quick = lossyStream(tee);
  const quickText = text(quick);
  const piece = 'x'.repeat(100_000);
  for (let count = 0; count < 20; count++) await say(source, piece);
  expect(log.text.length).toBe(2_000_000);
  const [, seen = '', left] =
    /^(x+)\r\ndynosim: left out (\d+) bytes of output that were not read in time\r\n$/.exec(readNow(slow)) ??
    [];
  expect(seen.length).toBeGreaterThan(MAX_LAG_BYTES);
  expect(seen.length + Number(left)).toBe(2_000_000);
  await say(source, 'on we go');
  source.end();
  expect(await text(slow)).toBe('on we go');
  expect((await quickText).length).toBe(2_000_008);
});

test('what a slow guest missed last is reported at the end', async () => {
  const { tee, source } = setup();
  const slow = lossyStream(tee);
  await say(source, 'x'.repeat(MAX_LAG_BYTES + 1));
  await say(source, 'missed');
  source.end();
  await settle();
  expect(await text(slow)).toMatch(/x\r\ndynosim: left out 6 bytes .*\r\n$/);
});

test('a guest can be shown first what came before', async () => {
  const { tee, source } = setup();
  await say(source, 'name? ');
  const guest = text(lossyStream(tee, Buffer.from('name? ')));
  source.end('hello');
  expect(await guest).toBe('name? hello');
});

test.each([(tee: Tee) => losslessStream(tee), (tee: Tee) => lossyStream(tee)])(
  'a late reader gets the end at once',
  async (stream) => {
    const { tee, source } = setup();
    source.end();
    await settle();
    expect(await text(stream(tee))).toBe('');
  },
);

test('the end comes also where there was never anything', async () => {
  const tee = new Tee();
  const client = text(losslessStream(tee));
  tee.cancel();
  expect(await client).toBe('');
});

test('a source that breaks ends the output', async () => {
  const { tee, source, log, closed } = setup();
  const client = text(losslessStream(tee));
  await say(source, 'some');
  source.destroy(new Error('EIO'));
  await closed;
  expect(log).toEqual({ text: 'some', isOver: true });
  expect(await client).toBe('some');
});
