import { appendFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { expect, test } from 'vitest';
import { startDemo } from './world.js';

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
  const { configVars } = demo.app.release.source;
  expect(Object.fromEntries([...configVars].map(([key, { value }]) => [key, value]))).toEqual({
    ...expected,
    A: '1',
  });
});
