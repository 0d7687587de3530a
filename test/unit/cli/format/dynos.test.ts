import { describe, expect, test } from 'vitest';
import type { DynoView, ReleaseView } from '../../../../src/apps/views.js';
import { formatTime } from '../../../../src/cli/format/age.js';
import { describeClock, describeDynoChanges } from '../../../../src/cli/format/clock.js';
import { formatDynos, formatDynoTable } from '../../../../src/cli/format/dynos.js';
import { formatReleases } from '../../../../src/cli/format/releases.js';
import { formatSizes } from '../../../../src/cli/format/sizes.js';

const NOW = Date.UTC(2026, 2, 1, 13, 2, 14);
const MB = 1024 * 1024;
const WHEN = `${formatTime(NOW - 4000)} (~ 4s ago)`;

function dyno(name: string, changes: Partial<DynoView> = {}): DynoView {
  const [type = ''] = name.split('.');
  return {
    command: `run ${type}`,
    id: name,
    name,
    release: 1,
    size: 'Eco',
    state: 'up',
    type,
    port: 20_000,
    pid: 100,
    restarts: 0,
    inspect: undefined,
    memory: 52 * MB,
    memoryQuota: 512 * MB,
    since: NOW - 4000,
    ...changes,
  };
}

const PLAIN = {
  now: NOW,
  width: Number.POSITIVE_INFINITY,
  heading: (text: string) => `=== ${text}`,
  paint: (_style: string, text: string) => text,
};

describe('the lines of ps', () => {
  test('have one-off dynos first, then groups by command, each in the order of numbers', () => {
    const nowhere = { port: undefined, pid: undefined, memory: undefined };
    const dynos = [
      dyno('web.10'),
      dyno('web.2', { state: 'starting', memory: 1.25 * 1024 * MB }),
      dyno('urgent.1', { command: 'run web' }),
      dyno('bad.1', { state: 'crashed', ...nowhere }),
      dyno('run.77', { command: 'bash' }),
    ];
    expect(formatDynos(dynos, PLAIN)).toEqual([
      '=== run: one-off processes (1)',
      '',
      `run.77 (Eco): up ${WHEN}: bash`,
      '',
      '=== bad (Eco): run bad (1)',
      '',
      `bad.1: crashed ${WHEN}`,
      '',
      '=== urgent (Eco): run web (3)',
      '',
      `urgent.1: up ${WHEN}  port 20000, 52 of 512 MB`,
      `web.2: starting ${WHEN}  port 20000, 1.3 GB of 512 MB`,
      `web.10: up ${WHEN}  port 20000, 52 of 512 MB`,
      '',
    ]);
  });

  test('show dynos that are up in green, and others in yellow', () => {
    const format = { ...PLAIN, paint: (style: string, text: string) => `<${style} ${text}>` };
    const lines = formatDynos([dyno('web.1'), dyno('web.2', { state: 'idle' })], format);
    expect(lines[2]).toMatch(/^web\.1: <green up> <dim .*ago\)> {2}<dim port 20000, 52 of 512 MB>$/);
    expect(lines[3]).toMatch(/^web\.2: <yellow idle> /);
  });

  test('as a table fit the terminal', () => {
    const long = dyno('web.1', { command: 'node --enable-source-maps server.js --with many more flags' });
    const lines = formatDynoTable([long, dyno('db.12')], { ...PLAIN, width: 80 });
    expect(lines[2]).toMatch(/^db\.12 {2}up {5}4s {3}20000 {2}100 {2}52 of 512 MB {2}Eco {3}1 {2}run db$/);
    expect(Math.max(...lines.map((line) => line.length))).toBe(80);
  });

  test('on a narrow terminal, ps splits no value and its table fits', () => {
    const narrow = { ...PLAIN, width: 60 };
    const dynos = [dyno('scheduler.12', { state: 'starting', memory: 900 * MB, pid: 3_000_000 })];
    expect(formatDynos(dynos, narrow)[2]).toBe(`scheduler.12: starting ${WHEN}`);
    expect(formatDynos(dynos, narrow)[3]).toBe('  port 20000, 900 of 512 MB');
    const lines = formatDynoTable(dynos, narrow);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines[0]).toBe('dyno          state     age  port   memory         command');
  });
});

test('changes are listed only for the dynos concerned', () => {
  const before = [dyno('a.1'), dyno('b.1'), dyno('c.1'), dyno('d.1', { state: 'crashed' })];
  const after = [
    dyno('a.1'),
    dyno('b.1', { id: 'another' }),
    dyno('d.1'),
    dyno('e.1', { state: 'starting' }),
  ];
  expect(describeDynoChanges(before, after)).toEqual([
    'b.1: up, started anew',
    'd.1: up, was crashed',
    'e.1: new, starting',
    'c.1: gone',
  ]);
});

test.each([
  [{ speed: 1, skippedMs: 0 }, 'Platform time runs as fast as real time.'],
  [
    { speed: 60, skippedMs: 31 * 60_000 },
    'Platform time runs 60 times as fast as real time and was moved forward by 31m.',
  ],
  [{ speed: 1, skippedMs: 200 }, 'Platform time runs as fast as real time and was moved forward by 200ms.'],
])('%j: %s', (clock, text) => {
  expect(describeClock(clock)).toBe(text);
});

test('costs are those of at least one dyno by the hour, and nothing for Eco, whose fee is flat', () => {
  const lines = formatSizes(
    [
      { type: 'web', size: 'Standard-1X', quantity: 0 },
      { type: 'worker', size: 'Eco', quantity: 2 },
    ],
    (text) => `=== ${text}`,
  );
  expect(lines).toContain('web     Standard-1X  0    ~$0.035    $0');
  expect(lines).toContain('worker  Eco          2');
  expect(lines.at(-1)).toBe('$5 (flat monthly fee, shared across all Eco dynos)');
});

test('a release shows the state of its command, in color', () => {
  const release = (version: number, status: ReleaseView['status']): ReleaseView => ({
    id: `v${version}`,
    version,
    status,
    createdAt: NOW - 4000,
    description: 'Set A config vars',
    user: 'me',
    addonPlans: [],
    isCurrent: false,
    canRunAgain: true,
  });
  const lines = formatReleases([release(10, 'pending'), release(9, 'failed'), release(8, 'succeeded')], {
    now: NOW,
    width: Number.POSITIVE_INFINITY,
    paint: (style, text) => `<${style} ${text}>`,
  });
  expect(lines.slice(2)).toEqual([
    `<yellow v10>  release command executing: Set A config vars  me    <dim ${WHEN}>`,
    `<red v9 >  release command failed: Set A config vars     me    <dim ${WHEN}>`,
    `<cyan v8 >  Set A config vars                             me    <dim ${WHEN}>`,
  ]);
});
