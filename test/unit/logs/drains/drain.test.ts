import { describe, expect, test } from 'vitest';
import { LogBus } from '../../../../src/logs/bus.js';
import type { Batch } from '../../../../src/logs/drains/batch.js';
import { Drain, type DrainKind } from '../../../../src/logs/drains/drain.js';
import { httpFraming } from '../../../../src/logs/drains/frame.js';
import type { Delivery } from '../../../../src/logs/drains/transport.js';
import type { LogEntry } from '../../../../src/logs/entry.js';
import { ManualClock, settle } from '../../../helpers/manual-clock.js';

const TOKEN = 'd.fc6b856b-3332-4546-93de-7d0ee272c3bd';
const START = Date.UTC(2024, 0, 1);
const DELIVERED: Delivery = { is: 'delivered' };
const FAILED: Delivery = { is: 'failed', why: 'it responded with status 503' };
const REFUSED: Delivery = { is: 'refused', why: 'it responded with status 400' };
const UNREACHABLE: Delivery = { is: 'unreachable', why: 'connect ECONNREFUSED', isCertificate: false };

/** A drain whose receiver is controlled by the test. */
function setup(changes: Partial<DrainKind> = {}) {
  const clock = new ManualClock();
  const logs = new LogBus();
  const sent: Batch[] = [];
  let answer: ((outcome: Delivery) => void) | undefined;
  let closes = 0;
  const drain = new Drain({
    token: TOKEN,
    destination: 'logs.example.com',
    kind: {
      framing: httpFraming,
      targetBytes: 102_400,
      retries: 2,
      backOffMs: (failures) => failures * 1000,
      ...changes,
    },
    transport: {
      send(batch) {
        sent.push(batch);
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      close() {
        closes += 1;
        answer?.({ is: 'failed', why: 'closed' });
      },
    },
    logs,
    time: { real: clock, wall: () => START + clock.now() },
  });
  const write = (...lines: string[]): void => {
    for (const line of lines) logs.write({ at: START, source: 'app', dyno: 'web.1', line });
  };
  return {
    clock,
    logs,
    drain,
    sent,
    write,
    writeMany: (from: number, to: number) => {
      for (let n = from; n <= to; n += 1) write(String(n));
    },
    /** Makes the receiver respond to the last batch. */
    async answer(outcome: Delivery) {
      answer?.(outcome);
      await settle();
    },
    closes: () => closes,
    batches: () => sent.map(texts),
    /** Other lines in the app's log. */
    said: () =>
      logs
        .recent(1500)
        .filter(({ dyno }) => dyno === 'logplex')
        .map(({ source, line }) => `${source}[logplex]: ${line}`),
  };
}

/** The texts of a batch's messages. */
function texts({ body }: Batch): string[] {
  return body
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((message) => message.replace(/^\d+ <\d+>1 \S+ host \S+ \S+ - /, ''));
}

describe('batches', () => {
  test('a line leaves at once, and what comes in the same breath comes along', async () => {
    const { clock, write, batches, sent } = setup();
    write('one', 'two');
    await clock.advance(0);
    expect(batches()).toEqual([['one', 'two']]);
    expect(sent[0]).toMatchObject({ messages: 2, id: expect.stringMatching(/^[0-9A-F]{32}$/) });
  });

  test('while lines keep coming they are gathered for a moment', async () => {
    const { clock, write, batches, answer } = setup();
    write('one');
    await clock.advance(0);
    await answer(DELIVERED);
    write('two');
    await clock.advance(50);
    write('three');
    expect(batches()).toEqual([['one']]);
    await clock.advance(50);
    expect(batches()).toEqual([['one'], ['two', 'three']]);
  });

  test('there is one at a time', async () => {
    const { clock, write, batches, answer } = setup();
    write('one');
    await clock.advance(0);
    write('two');
    await clock.advance(10_000);
    expect(batches()).toEqual([['one']]);
    await answer(DELIVERED);
    await clock.advance(0);
    expect(batches()).toEqual([['one'], ['two']]);
  });

  test('become no larger than they should, and then follow one another without a pause', async () => {
    const { clock, write, batches, answer, sent } = setup({ targetBytes: 4096 });
    write('a'.repeat(3000), 'b'.repeat(1000), 'c'.repeat(1000));
    await clock.advance(0);
    await answer(DELIVERED);
    expect(batches().map((lines) => lines.map((line) => line[0]))).toEqual([['a'], ['b', 'c']]);
    expect(sent.every(({ body }) => body.length <= 4096)).toBe(true);
    expect(clock.now()).toBe(0);
  });

  test('a message that is larger than that goes alone', async () => {
    const { clock, write, batches, answer } = setup({ targetBytes: 4096 });
    write('a'.repeat(10_000), 'b');
    await clock.advance(0);
    await answer(DELIVERED);
    expect(batches().map((lines) => lines.map((line) => line[0]))).toEqual([['a'], ['b']]);
  });

  test('omit dynosim’s own remarks', async () => {
    const { clock, write, logs, batches } = setup();
    logs.write({ at: START, source: 'dynosim', dyno: 'web.1', line: 'a remark' });
    await clock.advance(1000);
    expect(clock.pending).toBe(0);
    write('a line');
    await clock.advance(0);
    expect(batches()).toEqual([['a line']]);
  });
});

describe('of too many lines', () => {
  test('the oldest are dropped, and their number is reported', async () => {
    const { clock, write, writeMany, answer, batches, sent } = setup();
    write('first');
    await clock.advance(0);
    await clock.advance(250);
    writeMany(1, 1100);
    await answer(DELIVERED);
    await clock.advance(0);
    const [notice, ...lines] = batches()[1] ?? [];
    expect(notice).toBe(
      `Error L10 (output buffer overflow): drain '${TOKEN}' dropped 76 messages since 2024-01-01T00:00:00.250000+00:00.`,
    );
    expect(sent[1]?.body.toString()).toMatch(/^\d+ <172>1 \S+ host heroku logplex - Error L10/);
    expect(lines).toEqual(Array.from({ length: 1024 }, (_, n) => String(n + 77)));
    expect(sent[1]?.messages).toBe(1025);
  });

  test('the app log reports it, too, a moment later and once a minute', async () => {
    const { clock, write, writeMany, said } = setup();
    write('first');
    await clock.advance(0);
    writeMany(1, 1025);
    await clock.advance(500);
    writeMany(1, 9);
    await clock.advance(499);
    expect(said()).toEqual([]);
    await clock.advance(1);
    const l10 = (count: number, since: string) =>
      `heroku[logplex]: Error L10 (output buffer overflow): drain '${TOKEN}' dropped ${count} messages since 2024-01-01T${since}+00:00.`;
    expect(said()).toEqual([l10(10, '00:00:00.000000')]);
    await clock.advance(2000);
    writeMany(1, 5);
    await clock.advance(57_000);
    writeMany(1, 5);
    await clock.advance(500);
    expect(said().length).toBe(1);
    await clock.advance(500);
    expect(said()).toEqual([l10(10, '00:00:00.000000'), l10(10, '00:00:03.000000')]);
    expect(clock.pending).toBe(0);
  });

  test('a drain’s own losses are not reported to it twice, another drain’s are', async () => {
    const { clock, logs, batches } = setup();
    const loss = (token: string): LogEntry => ({
      at: START,
      source: 'heroku',
      dyno: 'logplex',
      line: `Error L10 (output buffer overflow): drain '${token}' dropped 1 messages`,
    });
    logs.write(loss(TOKEN));
    logs.write(loss('d.other'));
    await clock.advance(0);
    expect(batches()).toEqual([[loss('d.other').line]]);
  });

  test('a burst in one breath does not wait for its turn', async () => {
    const { clock, writeMany, batches, said, answer } = setup();
    writeMany(1, 2000);
    await answer(DELIVERED);
    await clock.advance(0);
    await answer(DELIVERED);
    await clock.advance(1000);
    expect(batches().flat()).toEqual(Array.from({ length: 2000 }, (_, n) => String(n + 1)));
    expect(said()).toEqual([]);
  });
});

describe('a receiver that', () => {
  test('fails gets the same batch twice more', async () => {
    const { clock, write, answer, sent, batches } = setup();
    write('one');
    await clock.advance(0);
    await answer(FAILED);
    write('two');
    await clock.advance(1000);
    await answer(FAILED);
    await clock.advance(2000);
    expect(batches()).toEqual([['one'], ['one'], ['one']]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    await answer(FAILED);
    await clock.advance(3000);
    expect(batches()[3]).toEqual([
      expect.stringMatching(/^Error L10 .* dropped 1 messages since 2024-01-01T00:00:03\.000000/),
      'two',
    ]);
    expect(sent[3]?.id).not.toBe(sent[0]?.id);
  });

  test('refuses a batch does not get it again, and gets reports of the loss until it accepts one', async () => {
    const { clock, write, answer, batches, said } = setup();
    write('one', 'two');
    await clock.advance(0);
    await answer(REFUSED);
    write('three');
    await clock.advance(100);
    await answer(REFUSED);
    write('four');
    await clock.advance(100);
    await answer(DELIVERED);
    write('five');
    await clock.advance(100);
    expect(batches()).toEqual([
      ['one', 'two'],
      [expect.stringContaining('dropped 2 messages'), 'three'],
      [expect.stringContaining('dropped 3 messages'), 'four'],
      ['five'],
    ]);
    await clock.advance(1000);
    expect(said().at(-1)).toMatch(/^heroku\[logplex\]: Error L10 .* dropped 3 messages/);
  });

  test('cannot be reached gets everything once it can, and is tried ever more seldom', async () => {
    const { clock, write, answer, sent, batches } = setup();
    write('one');
    await clock.advance(0);
    for (let failures = 1; failures <= 20; failures += 1) {
      await answer(UNREACHABLE);
      await clock.advance(failures * 1000 - 1);
      expect(sent.length).toBe(failures);
      await clock.advance(1);
      expect(sent.length).toBe(failures + 1);
    }
    write('two');
    await answer(DELIVERED);
    await clock.advance(100);
    expect(batches().slice(-2)).toEqual([['one'], ['two']]);
    await answer(UNREACHABLE);
    await clock.advance(1000);
    expect(sent.length).toBe(23);
  });

  test('that fails is named in the app log, once until it works again', async () => {
    const { clock, write, answer, said } = setup();
    const fail = async () => {
      write('a line');
      await clock.advance(100);
      await answer(UNREACHABLE);
      await clock.advance(10_000);
      await answer(UNREACHABLE);
      await clock.advance(10_000);
      await answer(DELIVERED);
    };
    await fail();
    const line = 'dynosim[logplex]: the log drain to logs.example.com fails: connect ECONNREFUSED';
    expect(said()).toEqual([line]);
    await fail();
    expect(said()).toEqual([line, line]);
  });

  test('fails once, as when a connection that was kept breaks, is not worth a word', async () => {
    const { clock, write, answer, said } = setup();
    write('a line');
    await clock.advance(0);
    await answer(FAILED);
    await clock.advance(1000);
    await answer(DELIVERED);
    expect(said()).toEqual([]);
  });

  test('has no good certificate: Heroku has a word for it, and dynosim a remedy', async () => {
    const { clock, write, answer, said } = setup({ certificateError: (why) => `Error L14: ${why}` });
    write('a line');
    await clock.advance(0);
    await answer({ is: 'unreachable', why: 'self-signed certificate', isCertificate: true });
    expect(said()).toEqual([
      'heroku[logplex]: Error L14: self-signed certificate',
      'dynosim[logplex]: the log drain to logs.example.com fails: self-signed certificate; "#insecure" at the end of its URL accepts any certificate',
    ]);
  });
});

describe('a connection that is lost', () => {
  test('soon after something was sent is not reopened at once', async () => {
    const { clock, write, answer, drain, batches } = setup({ backOffMs: () => 30_000 });
    write('one');
    await clock.advance(0);
    await answer(DELIVERED);
    await clock.advance(10_000);
    drain.connectionLost();
    write('two');
    await clock.advance(19_999);
    expect(batches().length).toBe(1);
    await clock.advance(1);
    expect(batches()).toEqual([['one'], ['two']]);
  });

  test('after a long silence is opened with the next line', async () => {
    const { clock, write, answer, drain, batches } = setup({ backOffMs: () => 30_000 });
    write('one');
    await clock.advance(0);
    await answer(DELIVERED);
    await clock.advance(60_000);
    drain.connectionLost();
    write('two');
    await clock.advance(0);
    expect(batches()).toEqual([['one'], ['two']]);
  });
});

describe('at the end', () => {
  test('what there is is sent without a pause, and nothing later', async () => {
    const { clock, write, answer, drain, batches, closes, logs } = setup({ targetBytes: 4096 });
    write('one');
    await clock.advance(0);
    await answer(DELIVERED);
    write('a'.repeat(4000), 'b');
    const closed = drain.close();
    write('too late');
    await answer(DELIVERED);
    await answer(DELIVERED);
    await closed;
    expect(batches().map((lines) => lines.map((line) => line.slice(0, 8)))).toEqual([
      ['one'],
      ['aaaaaaaa'],
      ['b'],
    ]);
    expect(closes()).toBe(1);
    expect(clock.pending).toBe(0);
    expect(logs.recent(10).at(-1)?.line).toBe('too late');
  });

  test('a silent receiver is waited for only briefly', async () => {
    const { clock, write, drain, said, sent } = setup();
    let isClosed = false;
    write('one', 'two');
    await clock.advance(0);
    write('three');
    void drain.close().then(() => {
      isClosed = true;
    });
    await clock.advance(499);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    expect(isClosed).toBe(true);
    expect(said()).toEqual([expect.stringContaining('dropped 3 messages')]);
    await settle();
    expect(sent.length).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test('an unreachable receiver is tried once more, without waiting', async () => {
    const { clock, write, answer, drain, sent } = setup();
    write('one');
    await clock.advance(0);
    await answer(UNREACHABLE);
    const closed = drain.close();
    expect(sent.length).toBe(2);
    await answer(UNREACHABLE);
    await closed;
    expect(sent.length).toBe(2);
    expect(clock.pending).toBe(0);
  });

  test('a receiver that fails gets a second chance, no more', async () => {
    const { clock, write, answer, drain, sent } = setup({ retries: Number.POSITIVE_INFINITY });
    write('one');
    const closed = drain.close();
    await answer(FAILED);
    await answer(FAILED);
    await closed;
    expect(sent.length).toBe(2);
    expect(clock.pending).toBe(0);
  });

  test('a drain without lines is gone at once', async () => {
    const { clock, drain, sent } = setup();
    await Promise.all([drain.close(), drain.close()]);
    expect(sent).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
