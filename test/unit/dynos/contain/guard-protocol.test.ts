import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  encodeCommand,
  type GuardCommand,
  type GuardEvent,
  parseEvent,
} from '../../../../src/dynos/contain/guard-protocol.js';

const CONTAIN = fileURLToPath(new URL('../../../../src/dynos/contain/', import.meta.url));
const spec = {
  name: 'web.1',
  cwd: '/app',
  command: ['bash', '-c', 'serve'],
  words: ['serve'],
  env: { PORT: '5000', EMPTY: '' },
} as const;

/** Each command as fields, and each event as a line; the types ensure that both are complete. */
const COMMANDS: Readonly<Record<GuardCommand['command'], readonly [GuardCommand, readonly string[]]>> = {
  spawn: [
    { command: 'spawn', id: '7', spec },
    [
      '7',
      'web.1',
      'dyno',
      '/app',
      '',
      'pipe',
      '7000',
      '3',
      'bash',
      '-c',
      'serve',
      '1',
      'serve',
      'PORT',
      '5000',
      'EMPTY',
      '',
    ],
  ],
  opened: [{ command: 'opened', id: '7' }, ['7']],
  resize: [{ command: 'resize', id: '7', size: { columns: 80, rows: 24 } }, ['7', '80', '24']],
  signal: [{ command: 'signal', id: '7', signal: 'SIGTERM' }, ['7', '15']],
  watch: [{ command: 'watch', id: '7', port: 5000 }, ['7', '5000']],
  unwatch: [{ command: 'unwatch', id: '7' }, ['7']],
};

const EVENTS: Readonly<Record<GuardEvent['event'], readonly [string, GuardEvent]>> = {
  ready: ['ready 4', { event: 'ready', probe: 4 }],
  failed: ['failed no /proc here', { event: 'failed', reason: 'no /proc here' }],
  pipes: ['pipes 7 5 6', { event: 'pipes', id: '7', output: 5, input: 6 }],
  spawned: ['spawned 7 41 42', { event: 'spawned', id: '7', init: 41, pid: 42 }],
  listening: [
    'listening 7 00000000 7f000001',
    { event: 'listening', id: '7', addresses: [Buffer.alloc(4), Buffer.from([127, 0, 0, 1])] },
  ],
  blind: ['blind 7', { event: 'blind', id: '7' }],
  exited: ['exited 7 143', { event: 'exited', id: '7', status: 143 }],
};

/** The fields of a frame. */
function fieldsOf(frame: Buffer): readonly string[] {
  expect(frame.readUInt32BE()).toBe(frame.length - 4);
  return frame.toString('utf8', 4).split('\0');
}

test.each(Object.entries(COMMANDS))('%s is a frame', (name, [command, fields]) => {
  expect(fieldsOf(encodeCommand(command))).toEqual([name, ...fields]);
});

test.each(Object.values(EVENTS))('the line "%s" is an event', (line, event) => {
  expect(parseEvent(line)).toEqual(event);
});

test('any other line is an error', () => {
  expect(() => parseEvent('toString 1')).toThrow('"toString 1", which is not an event');
});

describe('spawn', () => {
  const spawn = (changes: Partial<Extract<GuardCommand, { command: 'spawn' }>['spec']>) =>
    fieldsOf(encodeCommand({ command: 'spawn', id: '1', spec: { ...spec, ...changes } }));

  test('describes stdin', () => {
    expect(spawn({})[6]).toBe('pipe');
    expect(spawn({ terminal: { columns: 132, rows: 43 } })[6]).toBe('132x43');
  });

  test('names the folder for changes', () => {
    expect(spawn({ overlay: '/state/run' })[5]).toBe('/state/run');
  });

  test.each([
    [300, '300'],
    [7000, '7000'],
    [30_000, '7000'],
  ])('lets processes have a shutdown timeout of %i ms if dynosim is killed: %s ms', (shutdownMs, grace) => {
    expect(spawn({ shutdownMs })[7]).toBe(grace);
  });

  test('says what a server is, which ends last and has less time', () => {
    expect(spawn({ isServer: true }).slice(2)).toMatchObject({ 1: 'server', 5: '1500' });
  });

  test('cuts arguments and variables at a NUL, as the system does', () => {
    const fields = spawn({ command: ['echo', 'a\0b'], words: undefined, env: { A: 'x\0y' } });
    expect(fields.slice(8)).toEqual(['2', 'echo', 'a', '0', 'A', 'x']);
  });
});

describe('PROTOCOL.md and the guard know the same', () => {
  const text = readFileSync(`${CONTAIN}PROTOCOL.md`, 'utf8');
  const perl = readdirSync(`${CONTAIN}guard`)
    .map((file) => readFileSync(`${CONTAIN}guard/${file}`, 'utf8'))
    .join('');

  /** The first word of each row of the table in a section. */
  const rows = (heading: string): readonly string[] => {
    const [, section = ''] = text.split(`## ${heading}`);
    return [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `(\w+)/gm)].map(([, name = '']) => name);
  };
  const inPerl = (pattern: RegExp): readonly string[] => [
    ...new Set([...perl.matchAll(pattern)].map(([, name = '']) => name)),
  ];

  test('commands', () => {
    const names = Object.keys(COMMANDS).sort();
    expect([...rows('Commands')].sort()).toEqual(names);
    expect([...inPerl(/\$what eq '(\w+)'/g)].sort()).toEqual(names);
  });

  test('events', () => {
    const names = Object.keys(EVENTS).sort();
    expect([...rows('Events')].sort()).toEqual(names);
    expect([...inPerl(/\breport\((?:join ' ', )?["'](\w+)/g)].sort()).toEqual(names);
  });
});
