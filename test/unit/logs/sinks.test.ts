import { describe, expect, test } from 'vitest';
import { BACKLOG_ENTRIES } from '../../../src/logs/backlog.js';
import type { LogEntry } from '../../../src/logs/entry.js';
import { Output } from '../../../src/logs/output.js';
import { createFormatter, LogSink } from '../../../src/logs/sinks.js';
import { ManualClock, settle } from '../../helpers/manual-clock.js';
import { SlowStream } from './slow-stream.js';

const at = Date.UTC(2024, 0, 1) + 0.5;
const app = (line: string): LogEntry => ({ at, source: 'app', dyno: 'web.1', line });
const router = (line: string): LogEntry => ({ at, source: 'heroku', dyno: 'router', line });

describe('formats', () => {
  test('heroku: a head per line, with its own time, source and dyno', async () => {
    const format = await createFormatter({ format: 'heroku', color: false });
    const entries = [
      app('a'),
      app('\x1b[31mb'),
      router('c'),
      { ...router('d'), at: at + 1, brief: () => 'short' },
    ];
    expect(entries.map(format)).toEqual([
      '2024-01-01T00:00:00.000500+00:00 app[web.1]: a\n',
      '2024-01-01T00:00:00.000500+00:00 app[web.1]: \x1b[31mb\n',
      '2024-01-01T00:00:00.000500+00:00 heroku[router]: c\n',
      '2024-01-01T00:00:00.001500+00:00 heroku[router]: d\n',
    ]);
  });

  test('heroku at a terminal: an app can only change colors', async () => {
    const format = await createFormatter({ format: 'heroku', color: true, terminal: { columns: 80 } });
    expect(format(app('\x1b[2J\x1b[31mred\r'))).toBe(
      '2024-01-01T00:00:00.000500+00:00 app[web.1]: \x1b[31mred\\r\x1b[0m\n',
    );
  });

  test('json: four keys in order, for any line', async () => {
    const format = await createFormatter({ format: 'json', color: false });
    expect(format(app('a'))).toBe(
      '{"time":"2024-01-01T00:00:00.000Z","source":"app","dyno":"web.1","line":"a"}\n',
    );
    const atTerminal = await createFormatter({ format: 'json', color: false, terminal: { columns: 80 } });
    expect(atTerminal(app('\x9b31m'))).toContain('"line":"\\u009b31m"');
    for (const line of ['', '\x7f\x9b31m', '100%s %d %%', '"\\\t\0\x1b[31m', 'é😀\ud800', '{"line":1}']) {
      expect(JSON.parse(format({ ...app(line), brief: () => 'short', part: 'first' }))).toEqual({
        time: '2024-01-01T00:00:00.000Z',
        source: 'app',
        dyno: 'web.1',
        line,
      });
    }
  });
});

async function startSink() {
  const stream = new SlowStream();
  const output = new Output(stream, { clock: new ManualClock(), onClosed: () => {} });
  const sink = new LogSink(output, (entry) => `${entry.line}\n`);
  output.write('first');
  await settle();
  const lines = async () => {
    for (let count = -1; count < stream.writes.length; ) {
      count = stream.writes.length;
      stream.take();
      await settle();
    }
    return stream.text.split('\n').slice(0, -1);
  };
  return { sink, output, lines };
}

describe('while the output is congested', () => {
  const long = app('x'.repeat(100 * 1024));

  test('lines of dynos that were read before are written first, the platform waits', async () => {
    const { sink, lines } = await startSink();
    sink.write(long);
    sink.write(router('request'));
    sink.write(app('rest'));
    const [, ...written] = await lines();
    expect(written).toEqual(['rest', 'request']);
  });

  test('of too many platform lines, the oldest are dropped, and their number is reported', async () => {
    const { sink, lines } = await startSink();
    sink.write(long);
    for (let number = 0; number < BACKLOG_ENTRIES + 10; number++) sink.write(router(`request ${number}`));
    sink.write(app('rest'));
    const [, rest, notice, oldest, ...others] = await lines();
    expect(rest).toBe('rest');
    expect(notice).toBe(
      'Error L11 (Tail buffer overflow) -> This tail session dropped 10 messages since 2024-01-01T00:00:00.000500+00:00.',
    );
    expect(oldest).toBe('request 10');
    expect(others).toHaveLength(BACKLOG_ENTRIES - 1);
  });

  test('with the gate retired, as at a shutdown, lines of dynos may be dropped too', async () => {
    const { sink, output, lines } = await startSink();
    output.gate.retire();
    sink.write(long);
    for (let number = 0; number < BACKLOG_ENTRIES + 10; number++) sink.write(app(`line ${number}`));
    const [, notice, oldest] = await lines();
    expect(notice).toContain('dropped 10 messages');
    expect(oldest).toBe('line 10');
  });
});
