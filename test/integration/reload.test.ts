import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../helpers/folder.js';
import { type Demo, PROCFILE, startDemo, startWatched } from './config/world.js';

/**
 * Edits an env file once more, waits for that, and tells what releases there were: one too many would be among
 * them.
 */
async function releasesAtLast(demo: Demo, name?: string): Promise<readonly string[]> {
  appendFileSync(demo.path(name), '\nLAST=1\n');
  await demo.logged(/^Set LAST config vars/);
  await demo.logged(new RegExp(`^Release v${demo.app.releases.views().length} created`));
  return demo.releases;
}

describe('an env file changed by hand', () => {
  test('makes one release and restarts all dynos', async () => {
    const demo = await startDemo({ '.env': 'A=1\n' });
    demo.save('A=2\n');
    await demo.restarted('2||');
    expect(demo.restarts).toBe(2);
    await demo.logged(/^Set A config vars by user you@example\.com$/);
    expect(demo.app.release.version).toBe(2);
    expect(await releasesAtLast(demo)).toEqual(['Set A config vars', 'Set LAST config vars']);
  });

  test.each<[string, (demo: Demo) => void]>([
    ['by replacing the file', (demo) => demo.saveByRename('A=2\nB=2\n')],
    [
      'by moving the old file away',
      (demo) => {
        renameSync(demo.path(), demo.path('.env~'));
        demo.save('A=2\nB=2\n');
      },
    ],
    [
      'by deleting the file and making it anew',
      (demo) => {
        rmSync(demo.path());
        setImmediate(() => demo.save('A=2\nB=2\n'));
      },
    ],
    [
      'in many parts',
      (demo) => {
        truncateSync(demo.path());
        // Without a pause: on a busy machine, one would be long enough to be taken for the end.
        for (const part of ['A=2\n', ...Array<string>(500).fill('# note\n'), 'B=2\n'])
          appendFileSync(demo.path(), part);
      },
    ],
  ])('makes one release if it is saved %s', async (_, save) => {
    const demo = await startDemo({ '.env': 'A=1\n' });
    save(demo);
    await demo.restarted('2|2|');
    expect(await releasesAtLast(demo)).toEqual(['Set A, B config vars', 'Set LAST config vars']);
    expect(demo.restarts).toBe(4);
  });

  test('makes none if only comments and order change', async () => {
    const demo = await startDemo({ '.env': 'A=1\nB=1\n' });
    const reading = demo.nextReading();
    demo.save('# note\nB="1"\nA=1\n');
    expect(await reading).toEqual({ outcome: 'unchanged' });
    expect(await releasesAtLast(demo)).toEqual(['Set LAST config vars']);
  });

  test('gets a warning about oddities, once', async () => {
    const demo = await startDemo({ '.env': 'A=1\nold\n' });
    for (const text of ['A=1\nold\nB=2\nodd line\n', 'A=1\nold\nB=3\nodd line\n']) {
      const reading = demo.nextReading();
      demo.save(text);
      await reading;
    }
    const warnings = demo.app.logs.recent(1500).filter(({ line }) => line.includes('warning:'));
    expect(warnings).toMatchObject([
      { source: 'dynosim', line: expect.stringMatching(/^\.env:4:1: warning: /) },
    ]);
  });

  test('may be created, deleted, and created again', async () => {
    const demo = await startDemo({});
    for (const value of ['1', '2']) {
      demo.save(`A=${value}\n`);
      await demo.restarted(`${value}||`);
      rmSync(demo.path());
      await expect.poll(() => demo.releases.length).toBe(Number(value) * 2);
    }
    expect(demo.releases).toEqual([
      'Set A config vars',
      'Remove A config vars',
      'Set A config vars',
      'Remove A config vars',
    ]);
  });

  test('may be at the end of a link, and the link may lead elsewhere', async () => {
    const dir = makeFolder({ 'app/Procfile': PROCFILE, 'one/env': 'A=1\n', 'two/env': 'A=4\n' });
    symlinkSync('../one/env', join(dir, 'app/.env'));
    const demo = await startWatched({ dir: join(dir, 'app') });
    demo.save('A=2\n', '../one/env');
    await demo.restarted('2||');
    demo.saveByRename('A=3\n', '../one/env');
    await demo.restarted('3||');
    symlinkSync('../two/env', demo.path('link'));
    renameSync(demo.path('link'), demo.path());
    await demo.restarted('4||');
    expect(await releasesAtLast(demo, '../two/env')).toHaveLength(4);
  });

  test('may be in its own folder, which is deleted and created again', async () => {
    const dir = makeFolder({ Procfile: PROCFILE, 'config/env': 'A=1\n' });
    const demo = await startWatched({ dir, envFiles: ['config/env'] });
    rmSync(demo.path('config'), { recursive: true });
    await demo.logged(/^keeping v1; the change was rejected: There is no config\/env/);
    mkdirSync(demo.path('config'));
    demo.save('A=2\n', 'config/env');
    await demo.restarted('2||');
    demo.save('A=3\n', 'config/env');
    await demo.restarted('3||');
    expect(demo.releases).toHaveLength(2);
  });
});

describe('a change that cannot be used', () => {
  const breaking: [string, RegExp, (demo: Demo) => void][] = [
    ['a Procfile without a process type', /Procfile/, (demo) => demo.save('nothing here\n', 'Procfile')],
    ['no Procfile', /There is no Procfile/, (demo) => rmSync(demo.path('Procfile'))],
    [
      'a Procfile that is a folder',
      /Procfile is a folder/,
      (demo) => {
        rmSync(demo.path('Procfile'));
        mkdirSync(demo.path('Procfile'));
      },
    ],
    [
      'an env file in UTF-16',
      /\.env is written in UTF-16/,
      (demo) => demo.save(Uint8Array.of(0xff, 0xfe, 0x41, 0)),
    ],
  ];
  if (process.getuid?.() !== 0)
    breaking.push([
      'an env file that may not be read',
      /\.env may not be read/,
      (demo) => chmodSync(demo.path(), 0),
    ]);

  test.each(breaking)('keeps the running release, and logs the reason: %s', async (_, why, breakIt) => {
    const demo = await startDemo({ '.env': 'A=1\n' });
    const pids = demo.app.dynos.views().map(({ pid }) => pid);
    breakIt(demo);
    expect(await demo.logged(/^keeping v1; the change was rejected: /)).toMatch(why);
    expect(demo.app.dynos.views().map(({ pid }) => pid)).toEqual(pids);
    for (const name of ['.env', 'Procfile']) rmSync(demo.path(name), { recursive: true, force: true });
    demo.save(PROCFILE, 'Procfile');
    demo.save('A=2\n');
    await demo.restarted('2||');
    expect(demo.releases).toEqual(['Set A config vars']);
    const remarks = demo.app.logs.recent(1500).filter(({ line }) => line.startsWith('keeping v1'));
    expect(remarks).toHaveLength(1);
  });

  test('is logged after its cause', async () => {
    const demo = await startDemo({});
    demo.save('worker sleep 1000\n', 'Procfile');
    await demo.logged(/^keeping v1/);
    const remarks = demo.app.logs.recent(1500).filter(({ source }) => source === 'dynosim');
    expect(remarks.map(({ line }) => line).slice(-2)).toEqual([
      expect.stringMatching(/^Procfile:1:1: warning: Not run: no colon .*`worker: sleep 1000`/),
      expect.stringMatching(/^keeping v1; the change was rejected: Procfile:1: error: No line of this file/),
    ]);
  });
});

describe('an edited Procfile', () => {
  test('is deployed, and all dynos restart', async () => {
    const demo = await startDemo({ '.env': 'A=1\n' });
    demo.saveByRename(PROCFILE.replace('clock: echo', 'clock: echo new;echo'), 'Procfile');
    await demo.logged(/^new$/);
    await demo.logged(/^Deploy [0-9a-f]{8} by user/);
    expect(demo.restarts).toBe(2);
    expect(await releasesAtLast(demo)).toEqual([
      expect.stringMatching(/^Deploy [0-9a-f]{8}$/),
      'Set LAST config vars',
    ]);
  });

  test('may have a new type, which starts at 0, and the log says how to start it', async () => {
    const demo = await startDemo({ Procfile: 'worker: exec sleep 1000\n' });
    demo.save('worker: exec sleep 1000\nclock: exec sleep 1000\n', 'Procfile');
    await demo.logged(/the new process type clock runs no dynos yet; .*ps:scale clock=1/);
    await demo.app.supervisor.settled();
    expect(demo.app.dynos.views()).toMatchObject([{ name: 'worker.1', state: 'up' }]);
    expect(demo.app.dynos.formation.get('clock')).toMatchObject({ quantity: 0 });
  });

  test('may lack a type, whose dynos stop', async () => {
    const demo = await startDemo({});
    demo.save(PROCFILE.replace(/clock.*\n/, ''), 'Procfile');
    await expect.poll(() => demo.app.dynos.formation.has('clock')).toBe(false);
    await demo.app.supervisor.settled();
    expect(demo.app.dynos.views()).toMatchObject([{ name: 'worker.1', state: 'up' }]);
    expect(demo.app.logs.recent(1500)).toContainEqual(
      expect.objectContaining({ dyno: 'clock.1', line: 'Process exited with status 143' }),
    );
  });

  test.each(['Procfile', '.env'])('or env file resets the crash count: %s', async (name) => {
    const demo = await startDemo({ Procfile: 'worker: exit 1\n', '.env': 'A=1\n' });
    await demo.logged(/^crashed 2 times in a row/);
    demo.save(name === 'Procfile' ? 'worker: exit 2\n' : 'A=2\n', name);
    const twice = (): number =>
      demo.app.logs.recent(1500).filter(({ line }) => /^crashed 2 times in a row/.test(line)).length;
    await expect.poll(twice).toBe(2);
    expect(demo.app.logs.recent(1500)).not.toContainEqual(
      expect.objectContaining({ line: expect.stringMatching(/^crashed 3 times in a row/) }),
    );
  });
});
