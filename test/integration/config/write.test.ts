import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { describe, expect, test } from 'vitest';
import { makeFolder } from '../../helpers/folder.js';
import { PROCFILE, startDemo, startWatched } from './world.js';

describe('config vars that are set', () => {
  test('make one release and restart all dynos, and the watch makes no other', async () => {
    const demo = await startDemo({ '.env': '# note\nA=1\n' });
    const reading = demo.nextReading();
    expect((await demo.set({ A: '2', B: '2' })).status).toBe(200);
    await demo.restarted('2|2|');
    expect(await reading).toEqual({ outcome: 'unchanged' });
    expect(demo.read()).toBe('# note\nA=2\nB=2\n');
    demo.save('# note\nA=3\nB=2\n');
    await demo.restarted('3|2|');
    expect(demo.releases).toEqual(['Set A, B config vars', 'Set A config vars']);
    expect(demo.restarts).toBe(4);
  });

  test('go to the last file that has them, new ones to the last file', async () => {
    const dir = makeFolder({ Procfile: PROCFILE, 'a.env': 'A=1\nB=1\n', 'b.env': 'B=1\n' });
    const demo = await startWatched({ dir, envFiles: ['a.env', 'b.env'] });
    await demo.set({ A: '2', B: '2', C: '2' });
    await demo.restarted('2|2|2');
    expect([demo.read('a.env'), demo.read('b.env')]).toEqual(['A=2\nB=1\n', 'B=2\nC=2\n']);
    await demo.set({ B: null });
    await demo.restarted('2||2');
    expect([demo.read('a.env'), demo.read('b.env')]).toEqual(['A=2\n', 'C=2\n']);
  });

  test('go through a link, which stays, to a file that keeps its rights', async () => {
    const dir = makeFolder({ 'app/Procfile': PROCFILE, 'secret/env': 'A=1\n' });
    chmodSync(join(dir, 'secret/env'), 0o640);
    symlinkSync('../secret/env', join(dir, 'app/.env'));
    const demo = await startWatched({ dir: join(dir, 'app') });
    const reading = demo.nextReading();
    await demo.set({ A: '2' });
    await demo.restarted('2||');
    expect(await reading).toEqual({ outcome: 'unchanged' });
    expect(demo.read('../secret/env')).toBe('A=2\n');
    expect(statSync(demo.path('../secret/env')).mode & 0o777).toBe(0o640);
    expect(lstatSync(demo.path()).isSymbolicLink()).toBe(true);
    expect([...readdirSync(demo.path('.')), ...readdirSync(demo.path('../secret'))]).toEqual([
      '.env',
      'Procfile',
      'env',
    ]);
  });

  test('create a file that only its owner can read, and warn if git does not ignore it', async () => {
    const dir = makeFolder({ Procfile: PROCFILE });
    execFileSync('git', ['init', '--quiet', dir]);
    const demo = await startWatched({ dir });
    await demo.set({ A: 'a b' });
    await demo.restarted('a b||');
    expect(demo.read()).toBe("A='a b'\n");
    expect(statSync(demo.path()).mode & 0o777).toBe(0o600);
    await demo.logged(/^\.env is new and git does not ignore it\./);
  });

  test('warn if git tracks the file', async () => {
    const dir = makeFolder({ Procfile: PROCFILE, '.env': 'A=1\n' });
    execFileSync('git', ['init', '--quiet', dir]);
    execFileSync('git', ['add', '.env'], { cwd: dir });
    const demo = await startWatched({ dir });
    await demo.set({ A: '2' });
    await demo.logged(/^git tracks \.env: its values get committed\./);
  });

  test('make a file without a warning if git ignores it', async () => {
    const dir = makeFolder({ Procfile: PROCFILE, '.gitignore': '.env\n' });
    execFileSync('git', ['init', '--quiet', dir]);
    const demo = await startWatched({ dir });
    await demo.set({ A: '1' });
    await demo.restarted('1||');
    expect(demo.app.logs.recent(1500).filter(({ line }) => line.includes('git'))).toEqual([]);
  });
});

describe('a value', () => {
  test('of any kind is read back from the file and reaches the dynos', async () => {
    const demo = await startDemo({
      Procfile: `worker: exec node -e 'console.log("has " + JSON.stringify(process.env.A)); setInterval(() => {}, 1e6)'\n`,
    });
    const values = [
      `it's "quoted" \`all\``,
      '$HOME $A $(id) \\$x',
      'a # b',
      'C:\\new\\table\\',
      'line 1\nline 2\r\n\n',
      '\\n is no newline\nbut this is',
      ' blanks\t',
      'é \u{1F600} \u00A0\u2028',
      '',
      '{"a": [1, "b"]}',
      'x'.repeat(20_000),
    ];
    for (const value of values) {
      expect(await demo.set({ A: value })).toMatchObject({ status: 200, body: { A: value } });
      expect(parse(demo.read())).toEqual({ A: value });
      // Long lines are logged in pieces.
      const line = `has ${JSON.stringify(value)}`.slice(0, 9000);
      await expect
        .poll(() => demo.app.logs.recent(1500).some((entry) => entry.line.startsWith(line)), {
          timeout: 30_000,
        })
        .toBe(true);
    }
    expect(demo.app.release.version).toBe(1 + values.length);
  });

  test.each([
    ['a newline and all three kinds of quotes', 'a\n\'"`'],
    ['a carriage return', 'a\rb'],
    ['a zero byte', 'a\0b'],
  ])(
    'that an env file cannot hold is refused in one line, and nothing is written: %s',
    async (why, value) => {
      const demo = await startDemo({ '.env': 'A=1\n' });
      const before = statSync(demo.path());
      const { status, body } = await demo.set({ A: '2', B: value });
      expect(status).toBe(422);
      const { message } = body as { message: string };
      expect(message).toContain(why);
      expect(message).not.toContain('\n');
      expect(statSync(demo.path())).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
      expect(readdirSync(demo.app.dir).sort()).toEqual(['.env', 'Procfile']);
      expect(demo.releases).toEqual([]);
    },
  );
});
