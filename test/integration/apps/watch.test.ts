import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { App } from '../../../src/apps/app.js';
import { watchSources } from '../../../src/apps/watch/sources.js';
import { systemClock } from '../../../src/base/clock.js';
import { filesWrittenByTree } from '../../../src/dynos/proc.js';
import { addTestApp, logged, startTestHost } from '../../helpers/start-host.js';

const web = (answer: string): string => `
  require('node:http')
    .createServer((req, res) => res.end(${JSON.stringify(answer)}))
    .listen(process.env.PORT, () => console.log(${JSON.stringify(`${answer} listens`)}));`;

async function startWatched(files: Readonly<Record<string, string>>, only: readonly string[] = []) {
  const host = await startTestHost();
  const app = await addTestApp(host, 'demo', files);
  await app.dynos.settled();
  const end = watchSources(app, {
    only,
    clock: systemClock,
    writtenFiles: () => filesWrittenByTree(process.pid),
  });
  onTestFinished(end);
  await logged(app, /^watching/);
  const get = async (): Promise<string> => (await fetch(host.url)).text();
  return { app, get, write: (name: string, text: string) => writeFileSync(join(app.dir, name), text) };
}

const linesWith = (app: App, pattern: RegExp): readonly string[] =>
  app.logs.recent(1500).flatMap(({ line }) => (pattern.test(line) ? [line] : []));

test('a change reaches the browser without a request that fails or waits', async () => {
  const { app, get, write } = await startWatched({
    Procfile: 'web: exec node web.js\n',
    'web.js': web('one'),
  });
  const answers: string[] = [await get()];
  write('web.js', web('two'));
  while (answers.at(-1) === 'one') answers.push(await get());
  expect(new Set(answers)).toEqual(new Set(['one', 'two']));
  expect(linesWith(app, /changed: restarting/)).toEqual(['web.js changed: restarting']);
  expect(linesWith(app, /^State changed/)).not.toContain('State changed from up to starting');
});

test('a change that does not run leaves the old one serving, and the next one mends it', async () => {
  const { app, get, write } = await startWatched({
    Procfile: 'web: exec node web.js\n',
    'web.js': web('one'),
  });
  write('web.js', 'throw new Error("oh")');
  await logged(app, /^the new run ended before it listened: the old one goes on$/);
  expect(await get()).toBe('one');
  write('web.js', web('three'));
  await logged(app, /^three listens$/);
  await app.dynos.settled();
  expect(await get()).toBe('three');
});

test('what dynos write at their start restarts them a few times only, and is named', async () => {
  const { app } = await startWatched({
    Procfile: 'worker: date +%N > state.txt; exec sleep 1000\n',
    'a.txt': '',
  });
  writeFileSync(join(app.dir, 'a.txt'), 'changed');
  await logged(app, /^state\.txt changes each time the dynos start/);
  expect(linesWith(app, /^state\.txt changed: restarting$/).length).toBeLessThan(4);
});

test('a file that a dyno has open restarts nothing', async () => {
  const { app, write } = await startWatched({
    Procfile: 'worker: exec 3>>data.txt; for i in 1 2 3; do echo $i >&3; done; echo wrote; exec sleep 1000\n',
    'a.txt': '',
  });
  // Both arrive in one go, or the other one first.
  write('data.txt', 'more');
  write('a.txt', 'changed');
  await logged(app, /changed: restarting$/);
  expect(linesWith(app, /changed: restarting/)).toEqual(['a.txt changed: restarting']);
});

test('only the files that were asked for count', async () => {
  const { app, write } = await startWatched(
    { Procfile: 'worker: exec sleep 1000\n', 'a.txt': '', 'b.js': '' },
    ['*.js'],
  );
  write('a.txt', 'changed');
  write('b.js', '// changed');
  await logged(app, /changed: restarting$/);
  expect(linesWith(app, /changed: restarting/)).toEqual(['b.js changed: restarting']);
});
