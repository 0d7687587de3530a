import { expect, test } from 'vitest';
import { OwnWrites } from '../../../src/apps/watch/own-writes.js';
import { makeFolder } from '../../helpers/folder.js';
import { ManualClock } from '../../helpers/manual-clock.js';

function start({ isAsked, open = [] as readonly string[] }: { isAsked: boolean; open?: readonly string[] }) {
  const dir = makeFolder({ 'a.js': '', 'a.json': '', journal: 'SQLite format 3\0...', short: 'SQL' });
  let asked = 0;
  const clock = new ManualClock();
  const own = new OwnWrites({
    dir,
    requests: { wereUnderWay: () => isAsked },
    clock,
    wall: () => 0,
    writtenFiles() {
      asked += 1;
      return open.map((file) => `${dir}/${file}`);
    },
  });
  return { own, clock, timesAsked: () => asked };
}

test('a file that a dyno has had open is its own from then on', () => {
  const { own } = start({ isAsked: false, open: ['a.js'] });
  expect(own.writerOf('a.js')).toBe('other');
  own.onHint('b.js');
  expect(own.writerOf('a.js')).toBe('app');
});

test('a database is the app’s, with any name', () => {
  const { own } = start({ isAsked: false });
  expect(['journal', 'short', 'gone'].map((file) => own.writerOf(file))).toEqual(['app', 'other', 'other']);
});

test('what changes during a request is the app’s, but of code that is not sure', () => {
  const { own } = start({ isAsked: true });
  expect(['a.json', 'a.js', 'gone'].map((file) => own.writerOf(file))).toEqual([
    'request',
    'perhaps request',
    'request',
  ]);
});

test('the system is not asked at every hint', async () => {
  const { own, clock, timesAsked } = start({ isAsked: false, open: ['log.txt'] });
  for (const file of ['a', 'b', 'c']) own.onHint(file);
  expect(timesAsked()).toBe(1);
  await clock.advance(50);
  own.onHint('log.txt');
  expect(timesAsked()).toBe(1);
  own.onHint('a');
  expect(timesAsked()).toBe(2);
});
