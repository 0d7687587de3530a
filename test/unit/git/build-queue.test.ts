import { expect, test } from 'vitest';
import { BuildQueue } from '../../../src/git/build-queue.js';
import { settle } from '../../helpers/manual-clock.js';

/** A queue whose builds are ended by the test. */
function openQueue() {
  const queue = new BuildQueue();
  const events: string[] = [];
  const ends = new Map<string, { succeed(): void; fail(): void }>();
  const build = (name: string, app: string): Promise<string> =>
    queue.run(
      app,
      () =>
        new Promise<string>((resolve, reject) => {
          events.push(`${name} starts`);
          ends.set(name, { succeed: () => resolve(name), fail: () => reject(new Error(name)) });
        }),
      (reason) => events.push(`${name} waits: ${reason}`),
    );
  const succeed = async (name: string): Promise<void> => {
    ends.get(name)?.succeed();
    await settle();
  };
  return { queue, build, events, ends, succeed };
}

test('builds of one app run one after the other, in order', async () => {
  const { build, events, succeed } = openQueue();
  const builds = ['a1', 'a2', 'a3'].map((name) => build(name, 'a'));
  for (const name of ['a1', 'a2', 'a3']) await succeed(name);
  expect(events).toEqual(['a1 starts', 'a2 waits: same app', 'a3 waits: same app', 'a2 starts', 'a3 starts']);
  expect(await Promise.all(builds)).toEqual(['a1', 'a2', 'a3']);
});

test('two apps build at once, the third waits', async () => {
  const { build, events, succeed } = openQueue();
  for (const name of ['a', 'b', 'c']) void build(name, name);
  expect(events).toEqual(['a starts', 'b starts', 'c waits: other apps']);
  await succeed('b');
  expect(events.at(-1)).toBe('c starts');
});

test('who waits for the same app keeps nobody else waiting', async () => {
  const { build, events, succeed } = openQueue();
  void build('a1', 'a');
  void build('b1', 'b');
  void build('a2', 'a');
  void build('c1', 'c');
  await succeed('b1');
  expect(events.at(-1)).toBe('c1 starts');
  await succeed('c1');
  await succeed('a1');
  expect(events.at(-1)).toBe('a2 starts');
});

test('a build that fails makes room for the next', async () => {
  const { build, events, ends, succeed } = openQueue();
  const failing = build('a1', 'a');
  const next = build('a2', 'a');
  ends.get('a1')?.fail();
  await expect(failing).rejects.toThrow('a1');
  await settle();
  expect(events.at(-1)).toBe('a2 starts');
  await succeed('a2');
  expect(await next).toBe('a2');
});

test('a closed queue starts nothing: not what waits, and not what comes', async () => {
  const { queue, build, events, succeed } = openQueue();
  const running = build('a1', 'a');
  const waiting = build('a2', 'a');
  queue.close();
  await expect(waiting).rejects.toMatchObject({ code: 'STOPPING' });
  await expect(build('b1', 'b')).rejects.toMatchObject({ code: 'STOPPING' });
  await succeed('a1');
  expect(await running).toBe('a1');
  expect(events).toEqual(['a1 starts', 'a2 waits: same app']);
});
