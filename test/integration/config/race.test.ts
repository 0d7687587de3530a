import { appendFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { expect, test, vi } from 'vitest';
import { startDemo } from './world.js';

test('a change saved right before a command is released, too', async () => {
  const demo = await startDemo({ '.env': 'A=1\n' });
  appendFileSync(demo.path(), 'B=2\n');
  await demo.set({ A: '2' });
  await demo.restarted('2|2|');
  expect(demo.read()).toBe('A=2\nB=2\n');
  expect(demo.releases).toEqual(['Set A config vars', 'Set B config vars']);
});

test('a change saved right after a command is released, too', async () => {
  const demo = await startDemo({ '.env': 'A=1\n' });
  const setting = demo.set({ A: '2' });
  appendFileSync(demo.path(), 'B=2\n');
  await setting;
  await demo.restarted('2|2|');
  expect(demo.read()).toBe('A=2\nB=2\n');
  expect(demo.releases).toEqual(['Set A config vars', 'Set B config vars']);
});

test('a command that comes while an edit waits for its turn is not taken back by it', async () => {
  const demo = await startDemo({ '.env': 'A=1\n' });
  const deploy = demo.app.releases.deploy.bind(demo.app.releases);
  let setting: Promise<unknown> | undefined;
  vi.spyOn(demo.app.releases, 'deploy').mockImplementationOnce((...args) => {
    setting = demo.app.releases.updateConfigVars(new Map([['A', '2']]));
    return deploy(...args);
  });
  appendFileSync(demo.path(), 'B=2\n');
  await demo.restarted('2|2|');
  await setting;
  demo.saveByRename(`${demo.read()}C=3\n`);
  await demo.restarted('2|2|3');
  expect(demo.releases).toEqual(['Set A config vars', 'Set B config vars', 'Set C config vars']);
});

test('of many commands and many saves at once nothing is lost', async () => {
  const demo = await startDemo({ '.env': '# note\n' });
  const saves = [
    (line: string) => appendFileSync(demo.path(), line),
    (line: string) => demo.save(line + demo.read()),
    (line: string) => demo.saveByRename(demo.read() + line),
  ];
  const expected: Record<string, string> = {};
  const settings: Promise<unknown>[] = [];
  for (let count = 0; count < 10; count++) {
    expected[`SET${count}`] = String(count);
    expected[`SAVED${count}`] = String(count);
    settings.push(demo.set({ [`SET${count}`]: String(count) }));
    saves[count % saves.length]?.(`SAVED${count}=${count}\n`);
    await new Promise(setImmediate);
  }
  await Promise.all(settings);
  expect(parse(demo.read())).toEqual(expected);
  demo.saveByRename(`${demo.read()}A=1\n`);
  await demo.restarted('1||');
  const { config } = demo.app.release;
  expect(Object.fromEntries([...config].map(([key, { value }]) => [key, value]))).toEqual({
    ...expected,
    A: '1',
  });
});
