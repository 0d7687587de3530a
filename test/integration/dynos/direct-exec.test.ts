import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { specOf } from '../../../src/dynos/command.js';
import { startContainment } from '../../../src/dynos/contain/index.js';
import { directRun } from '../../../src/dynos/direct-exec.js';
import { makeFolder } from '../../helpers/folder.js';

/** Prints its arguments, its folder and its environment as JSON. */
const SHOW = `#!${process.execPath}
const { argv, env } = process;
console.log(JSON.stringify({ args: argv.slice(1), cwd: process.cwd(), env }));`;

/** A folder with programs and with files that look like some; `link` is its other name. */
const top = realpathSync(mkdtempSync(join(tmpdir(), 'dynosim-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));
const app = { dir: join(top, 'app'), link: join(top, 'link') };
mkdirSync(join(app.dir, 'bin'), { recursive: true });
mkdirSync(join(app.dir, 'folder'));
symlinkSync(app.dir, app.link);
for (const name of ['show', 'bin/show']) writeFileSync(join(app.dir, name), SHOW, { mode: 0o755 });
writeFileSync(join(app.dir, 'plain'), 'echo plain', { mode: 0o755 });
writeFileSync(join(app.dir, 'data'), SHOW, { mode: 0o644 });
writeFileSync(join(app.dir, 'bin/crlf'), '#!/bin/sh\r\necho hi\r\n', { mode: 0o755 });
writeFileSync(join(app.dir, 'lost'), '#!/nowhere/sh\n', { mode: 0o755 });
// A program for some other machine.
const foreign = readFileSync(process.execPath).subarray(0, 64);
foreign.writeUInt16LE(8, 18);
writeFileSync(join(app.dir, 'bin/foreign'), foreign, { mode: 0o755 });

const base = { PATH: `${app.dir}/bin:/usr/bin:/bin`, LANG: 'C' };

/** What a program sees that is started this way. */
function seenBy(command: readonly string[], cwd: string, env: NodeJS.ProcessEnv): unknown {
  const [program = '', ...args] = command;
  // With one of Node's sockets for stdin, bash believes that it is run from afar, and reads .bashrc.
  const { stdout } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(stdout);
}

describe.runIf(process.platform === 'linux')('without bash', () => {
  const commands = [
    'show',
    ' show  a\tb ',
    'show --port=80 a=b x:y,z @1 %2 +3 ./x a-b_c 4',
    './show x',
    'bin/show',
    './bin/../bin/show',
    '/usr/bin/env show 1',
    'env A=1 show',
  ];
  test.each(commands)('"%s" sees the same arguments and variables', (command) => {
    const direct = directRun(command, app.dir, base);
    expect(seenBy(direct?.command ?? [], app.dir, direct?.env ?? {})).toEqual(
      seenBy(['bash', '-c', command], app.dir, base),
    );
  });

  const variables: readonly Record<string, string>[] = [
    { SHLVL: '1' },
    { SHLVL: '07' },
    { PWD: app.dir },
    { PWD: '/nowhere' },
    { PWD: '/usr' },
    { PWD: 'bin' },
    { PWD: '' },
    { OLDPWD: '/usr' },
    { OLDPWD: '/nowhere' },
    { OLDPWD: 'bin' },
    { OLDPWD: '' },
    { _: '/usr/bin/other' },
    {
      'a.b': '1',
      EMPTY: '',
      TWO: 'a\nb',
      ENV: '/nowhere',
      SHELL: '/bin/zsh',
      HOME: '/x',
      UID: '7',
      LINES: '3',
    },
    { PATH: `/nowhere:${app.dir}:/usr/bin:/bin` },
    { PATH: `${app.dir}/folder/:${app.dir}/bin/:/usr/bin:/bin` },
  ];
  test.each(variables)('the variables are the same with %j', (some) => {
    const env = { ...base, ...some };
    const direct = directRun('show', app.dir, env);
    expect(seenBy(direct?.command ?? [], app.dir, direct?.env ?? {})).toEqual(
      seenBy(['bash', '-c', 'show'], app.dir, env),
    );
  });

  test('so are they in a folder by its other name', () => {
    const direct = directRun('show', app.link, { ...base, PWD: app.link });
    expect(seenBy(direct?.command ?? [], app.link, direct?.env ?? {})).toEqual(
      seenBy(['bash', '-c', 'show'], app.link, { ...base, PWD: app.link }),
    );
  });
});

describe('by bash', () => {
  const commands = [
    '',
    'show $A',
    'show "a"',
    "show 'a'",
    'show \\a',
    'show *',
    'show ~',
    'show {a,b}',
    'show a?',
    'show >x',
    'show 2>&1',
    'show | cat',
    'show; show',
    'show & show',
    'show\nshow',
    'show #x',
    'A=1 show',
    'exec show',
    'cd /',
    'time show',
    'true',
    '%1',
    '! show',
    '(show)',
    'plain',
    'crlf',
    './lost 1',
    './plain',
    './data',
    './folder',
    'foreign',
    'missing',
    './missing',
    'show/x',
  ];
  test.each(commands)('runs %j', (command) => {
    expect(directRun(command, app.dir, base)).toBeUndefined();
  });

  test.each([
    { BASH_ENV: 'x' },
    { 'BASH_FUNC_show%%': '() { echo; }' },
    { SHELLOPTS: 'xtrace' },
    { IFS: 'a' },
    { PS1: '$ ' },
    { SHLVL: 'x' },
    { SHLVL: '999' },
    { PWD: app.link },
    { PATH: `bin:${base.PATH}` },
    { PATH: `:${base.PATH}` },
    { PATH: '' },
  ])('runs everything with %j', (some: Record<string, string>) => {
    expect(directRun('show', app.dir, { ...base, ...some })).toBeUndefined();
  });

  test('runs what has profile scripts, or a terminal', () => {
    const dyno = { name: 'web.1', cwd: app.dir, env: base };
    expect(specOf('./show', dyno).command).toEqual(['./show']);
    const input = { kind: 'terminal', columns: 80, rows: 24 } as const;
    expect(specOf('./show', { ...dyno, input }).command).toEqual(['bash', '-c', './show']);
    const profiled = { ...dyno, cwd: makeFolder({ show: SHOW, '.profile': '' }) };
    expect(specOf('/usr/bin/env', profiled).command[0]).toBe('bash');
  });
});

test.each(['#!/no/such/program', '#!/usr'])(
  'a script of %s ends with the status that bash gives',
  async (text) => {
    const cwd = makeFolder({ script: `${text}\n` });
    chmodSync(join(cwd, 'script'), 0o755);
    const path = process.env.PATH ?? '';
    const containment = await startContainment({
      platform: process.platform,
      path,
      portable: false,
      clock: systemClock,
    });
    const spec = specOf('./script', { name: 'web.1', cwd, env: { PATH: path } });
    const { started, exited } = containment.start(spec);
    (await started).output.resume();
    const { status } = spawnSync('bash', ['-c', './script'], { cwd });
    expect((await exited).status).toBe(status);
    await containment.close();
  },
);
