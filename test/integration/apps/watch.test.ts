import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { App } from '../../../src/apps/app.js';
import { SourceWatch } from '../../../src/apps/watch/source-watch.js';
import { systemTime } from '../../../src/base/clock.js';
import { filesWrittenByTree } from '../../../src/dynos/proc.js';
import { addTestApp, logged, startTestHost } from '../../helpers/start-host.js';

const web = (answer: string): string => `
  require('node:http')
    .createServer((req, res) => res.end(${JSON.stringify(answer)}))
    .listen(process.env.PORT, () => console.log(${JSON.stringify(`${answer} listens`)}));`;

async function startWatched(files: Readonly<Record<string, string>>, only: readonly string[] = []) {
  const host = await startTestHost();
  const app = await addTestApp(host, 'demo', files);
  await app.supervisor.settled();
  const watch = new SourceWatch(app, {
    only,
    time: systemTime(),
    writtenFiles: () => filesWrittenByTree(process.pid),
  });
  onTestFinished(() => watch.close());
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

/** What the terminal of `start` shows of the platform and of dynosim. */
const shown = (app: App): readonly string[] =>
  app.logs.recent(1500).flatMap(({ source, line, isDetail }) => (source === 'app' || isDetail ? [] : [line]));

test('a save is one line: what changed, what restarted, how long it took', async () => {
  const { app, write } = await startWatched(
    { Procfile: 'web: exec node web.js\nworker: exec sleep 1000\n', 'web.js': web('one'), 'jobs/a.js': '' },
    ['web:web.js', 'worker:jobs/**', 'both.js'],
  );
  const before = shown(app).length;
  write('web.js', web('two'));
  await logged(app, /^web\.js changed: restarted web\.1 in/);
  write('jobs/a.js', '//');
  await logged(app, /^jobs\/a\.js changed: restarted worker\.1 in/);
  write('both.js', '//');
  await logged(app, /^both\.js changed: restarted/);
  await app.supervisor.settled();
  expect(shown(app).slice(before)).toEqual([
    expect.stringMatching(/^web\.js changed: restarted web\.1 in \d+\.\ds$/),
    expect.stringMatching(/^jobs\/a\.js changed: restarted worker\.1 in \d+\.\ds$/),
    expect.stringMatching(/^both\.js changed: restarted web\.1, worker\.1 in \d+\.\ds$/),
  ]);
  // The log has the rest, and what comes later is no detail.
  expect(linesWith(app, /^Restarting$/)).toHaveLength(4);
  app.dynos.restart({ kind: 'all' });
  expect(shown(app).slice(-2)).toContain('State changed from up to starting');
});

test('a save that breaks the app says so, with what the platform says of it', async () => {
  const { app, write } = await startWatched({
    Procfile: 'web: exec node web.js\n',
    'web.js': web('one'),
  });
  const before = shown(app).length;
  write('web.js', 'throw new Error("oh")');
  await logged(app, /^web\.js changed: did not restart web\.1 in/);
  expect(shown(app).slice(before)).toEqual([
    'Process exited with status 1',
    'the new run ended before it listened: the old one keeps running',
    expect.stringMatching(/^web\.js changed: did not restart web\.1 in \d+\.\ds$/),
  ]);
});

test('after a change that does not run, the old run keeps serving until the next change', async () => {
  const { app, get, write } = await startWatched({
    Procfile: 'web: exec node web.js\n',
    'web.js': web('one'),
  });
  write('web.js', 'throw new Error("oh")');
  await logged(app, /^the new run ended before it listened: the old one keeps running$/);
  expect(await get()).toBe('one');
  write('web.js', web('three'));
  await logged(app, /^three listens$/);
  await app.supervisor.settled();
  expect(await get()).toBe('three');
});

test('what dynos write at their start restarts them a few times only, and is named', async () => {
  const { app } = await startWatched({
    // Never open under its name: an open file is known to be the app's at once.
    Procfile: 'worker: date +%N > state.tmp; mv state.tmp state.txt; exec sleep 1000\n',
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
  // A worker is up before its command has opened the file.
  await logged(app, /^wrote$/);
  // Both arrive in one go, or the other one first.
  write('data.txt', 'more');
  write('a.txt', 'changed');
  await logged(app, /changed: restarting$/);
  expect(linesWith(app, /changed: restarting/)).toEqual(['a.txt changed: restarting']);
});

test('a named pipe neither restarts anything nor is waited for', async () => {
  const { app, write } = await startWatched({ Procfile: 'worker: exec sleep 1000\n', 'a.txt': '' });
  execFileSync('mkfifo', [join(app.dir, 'pipe')]);
  symlinkSync('pipe', join(app.dir, 'link'));
  write('a.txt', 'changed');
  await logged(app, /changed: restarting$/);
  expect(linesWith(app, /pipe.*changed: restarting/)).toEqual([]);
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

describe('what the app writes when it is asked', () => {
  const APP = `
    import http.server, os, sqlite3
    class App(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            WRITE
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"done")
    db = sqlite3.connect("kept", check_same_thread=False)
    db.execute("create table if not exists visits (at)")
    db.commit()
    http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), App).serve_forever()`;
  const app = (write: string): string => APP.replaceAll('\n    ', '\n').replace('WRITE', write);

  test.each([
    [
      'a database that it opens each time',
      'db = sqlite3.connect("each.data"); db.execute("create table if not exists v (a)"); db.execute("insert into v values (1)"); db.commit(); db.close()',
    ],
    ['a database that stays open', 'db.execute("insert into visits values (1)"); db.commit()'],
    ['one file again and again', 'open("visits.txt", "w").write("1")'],
    [
      'a new file each time',
      'import uuid; os.makedirs("uploads", exist_ok=True); open(f"uploads/{uuid.uuid4().hex}.png", "w").write("1")',
    ],
  ])('restarts nothing: %s', async (_, write) => {
    const {
      app: demo,
      get,
      write: edit,
    } = await startWatched({
      Procfile: 'web: exec python3 app.py\n',
      'app.py': app(write),
      'a.txt': '',
    });
    const { pid } = demo.dynos.views()[0] ?? {};
    for (let asked = 0; asked < 3; asked++) expect(await get()).toBe('done');
    expect(demo.dynos.views()).toMatchObject([{ pid }]);
    // When this edit is noticed, earlier changes have been processed.
    await vi.waitFor(
      () => {
        edit('a.txt', String(Math.random()));
        expect(linesWith(demo, /changed: restarting/)).not.toEqual([]);
      },
      { timeout: 30_000, interval: 500 },
    );
    expect(linesWith(demo, /changed: restarting/)[0]).toBe('a.txt changed: restarting');
  });
});
