import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { openTerminal } from '../helpers/terminal.js';
import { BIN, done, expectEach, failed, startApp } from './commands-world.js';

const bash = (line: string, cwd: string) => promisify(execFile)('bash', ['-c', line], { cwd });

/** Every line of `heroku logs` looks like this. */
const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00 (?:app|heroku|dynosim)\[[\w.-]+\]: .*$/;

/** The text of each line, after its time. */
function texts(stdout: string): readonly string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      expect(line).toMatch(LINE);
      return line.slice(line.indexOf(' ') + 1);
    });
}

const FILES = {
  Procfile:
    'one: for i in 1 2 3; do echo "line $i"; done; exec sleep 1000\ntwo: echo "hello from two"; exec sleep 1000\n',
};

describe('logs', () => {
  test('shows the last lines, of a dyno, a type or a source', async () => {
    const { type, app } = await startApp(FILES, ['-m', 'two=2']);
    await app.printed(/"dyno":"two.2","line":"hello/);
    await app.printed(/"dyno":"two.1","line":"hello/);
    await app.printed(/line 3/);
    await type('ps:wait');
    const all = texts((await type('logs')).stdout);
    expect(all).toEqual(
      expect.arrayContaining([
        'app[api]: Release v1 created by user you@example.com',
        'heroku[two.1]: State changed from starting to up',
        'app[one.1]: line 1',
      ]),
    );
    const ofOne = ['app[one.1]: line 1', 'app[one.1]: line 2', 'app[one.1]: line 3'];
    const isOf = (start: string) => (line: string) => line.startsWith(start);
    const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
      [['-n', '2'], all.slice(-2)],
      [['-d', 'one.1', '-s', 'app'], ofOne],
      [['--dyno', 'one.1', '-s', 'app', '-n', '1'], ofOne.slice(-1)],
      [['-p', 'two', '-s', 'app'], all.filter(isOf('app[two.'))],
      [['--source', 'heroku'], all.filter(isOf('heroku['))],
    ];
    const shown = await Promise.all(cases.map(([args]) => type('logs', ...args)));
    expect(shown.map(({ stdout }) => texts(stdout))).toEqual(cases.map(([, lines]) => lines));
    expect(all.filter(isOf('app[two.'))).toHaveLength(2);
    expect(await type('logs', '-n', '0')).toMatchObject(done(''));
    expect(JSON.parse((await type('logs', '-d', 'one.1', '-s', 'app', '--json')).stdout)).toEqual(
      [1, 2, 3].map((n) => ({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        source: 'app',
        dyno: 'one.1',
        line: `line ${n}`,
      })),
    );
  });

  test('selects by time and text, in the form that is asked for; on a terminal the short one', async () => {
    const { type, app, dir } = await startApp(FILES);
    await app.printed(/line 3/);
    await app.printed(/"dyno":"two.1","line":"hello/);
    const greeting = /^[\d:]{8} {3}two\.1 +hello from two$/m;
    const cases = [
      [['--grep', 'line [13]', '--since', '1h'], /^[^\n]* app\[one\.1\]: line 1\n[^\n]*line 3\n$/],
      [['--exclude', 'one,api', '-s', 'app'], /^[^\n]* app\[two\.1\]: hello from two\n$/],
      [['--format', 'pretty'], greeting],
      [['--format', 'json', '-p', 'two', '-s', 'app'], /^\{"time":.*"line":"hello from two"\}\n$/],
      [['--grep', '('], /^$/],
      [['--exclude', 'oen'], /^$/],
    ] as const;
    const shown = await Promise.all(cases.map(([args]) => type('logs', ...args)));
    for (const [n, [, pattern]] of cases.entries()) expect(shown[n]?.stdout).toMatch(pattern);
    expect(shown.map(({ status }) => status)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(shown[4]?.stderr).toMatch(/^dynosim: --grep: Invalid regular expression.*\n$/);
    expect(shown[5]?.stderr).toContain('Did you mean one?');
    const terminal = openTerminal(`${BIN} logs -f`, dir);
    await terminal.shows(/^[\d:]{8} {3}two\.1 +hello from two\r$/m);
    terminal.type('\x03');
    expect(await terminal.finished).toBe(0);
  });

  test('has the lines that start --hide does not print', async () => {
    const { type, open, app } = await startApp(FILES, ['--hide', 'two,api']);
    await app.printed(/line 3/);
    await open('logs', '-t', '-p', 'two').printed(/hello from two/);
    expect((await type('logs', '-p', 'two')).stdout).toContain('hello from two');
    expect((await app.stop()).stdout).not.toMatch(/"dyno":"(two|api)/);
    expect(await run(['start', '--hide', 'rooter'], { cwd: makeFolder(FILES) })).toMatchObject(
      failed('There is no process type rooter. Did you mean router?'),
    );
  });

  test('refuses an unknown type, but not a dyno that is gone', async () => {
    const { type, app, dir } = await startApp(FILES);
    await Promise.all([app.printed(/line 3/), app.printed(/hello from two"/)]);
    writeFileSync(join(dir, 'Procfile'), FILES.Procfile.replace('two:', 'three:'));
    await app.printed(/"two.1","line":"Process exited/);
    const unknown = (name: string, hint: string) =>
      failed(`There is no process type ${name} on ⬢ my-app. ${hint}`);
    const logs = (...args: readonly string[]) => type('logs', ...args);
    await expectEach(logs, [
      [['-p', 'thre'], unknown('thre', 'Did you mean three?')],
      [['-d', 'noe.1', '-t'], unknown('noe', 'Did you mean one?')],
      [['-d', 'ruoter'], unknown('ruoter', 'Did you mean router?')],
      [['-d', '../x'], failed('There is no dyno "../x". The process types are one and three.')],
      [['-p', 'db', '--json'], unknown('db', 'The process types are one and three.')],
      [['-p', 'two'], done(/hello from two/)],
      [['-d', 'two.1'], done(/hello from two/)],
      [['-d', 'one.7'], done('')],
      [['-d', 'three.1'], done('')],
      [['-p', 'run'], done('')],
      [['-d', 'run.1234'], done('')],
      [['-d', 'router'], done('')],
      [['-d', 'api'], done(/app\[api\]: /)],
    ]);
  });

  test('refuses what it does not know', async () => {
    const help = 'See dynosim logs --help.';
    await expectEach(
      (...args) => run(['logs', ...args]),
      [
        [['-n', 'many'], failed('"many" is not a number of lines. Write for example -n 500.')],
        [
          ['-s', 'router'],
          failed(
            `option '-s, --source <source>' argument 'router' is invalid. Allowed choices are app, heroku. ${help}`,
          ),
        ],
        [
          ['-p', 'one', '-d', 'one.1'],
          failed(
            `option '-p, --process-type <type>' cannot be used with option '-d, --dyno-name <dyno>'. ${help}`,
          ),
        ],
        [['--tial'], failed("unknown option '--tial'. Did you mean --tail?", 2)],
        [['web.1'], failed(`too many arguments for 'logs'. Expected 0 arguments but got 1. ${help}`)],
      ],
    );
  });
});

describe('logs --tail', () => {
  test('every reader gets all lines through a restart, until dynosim ends', async () => {
    const { type, open, app } = await startApp(FILES, ['-m', 'two=0']);
    await app.printed(/line 3/);
    const readers = [
      open('logs', '-t'),
      open('logs', '--tail', '-n', '1'),
      open('logs', '-t', '-d', 'one.1'),
    ];
    for (const reader of readers) await reader.printed(/line 3/);
    await type('ps:restart', 'one.1');
    for (const reader of readers) {
      await reader.printed(/Restarting[\s\S]*Stopping all processes with SIGTERM[\s\S]*line 3\n/);
    }
    expect(await type('stop')).toMatchObject(done('', 'Stopping ⬢ my-app... done\n'));
    expect(await app.finished).toMatchObject({ status: 0 });
    const [all, one, dyno] = await Promise.all(readers.map(({ finished }) => finished));
    expect([all, one, dyno]).toMatchObject([done(/./), done(/./), done(/./)]);
    expect(all?.stdout.endsWith(one?.stdout ?? 'nothing')).toBe(true);
    expect(all?.stdout).toMatch(/heroku\[one\.1\]: Process exited with status 143\n$/);
    expect(texts(dyno?.stdout ?? '')).toEqual(
      texts(all?.stdout ?? '').filter((line) => line.includes('[one.1]')),
    );
  });

  test('reports that dynosim was killed', async () => {
    const { open, app } = await startApp(FILES);
    const reader = open('logs', '--tail');
    await reader.printed(/line 3/);
    await app.stop('SIGKILL');
    expect(await reader.finished).toMatchObject({
      status: 1,
      stderr: 'dynosim: The running dynosim is gone. Start it with "dynosim start".\n',
    });
  });

  test('Ctrl-C ends it', async () => {
    const { dir, app } = await startApp(FILES);
    await app.printed(/line 3/);
    const terminal = openTerminal(`${BIN} logs -t`, dir);
    await terminal.shows(/line 3/);
    terminal.type('\x03');
    expect(await terminal.finished).toBe(0);
  });

  test('ends silently with its reader, at the next line', async () => {
    const { dir, app } = await startApp({ Procfile: 'one: while :; do echo line; read -t 0.01; done\n' });
    await app.printed(/"line":"line"/);
    const line = `${BIN} logs -t -n 1 | head -1 > /dev/null; echo "\${PIPESTATUS[0]}"`;
    expect(await bash(line, dir)).toEqual({ stdout: '0\n', stderr: '' });
    const plain = [
      `${BIN} logs | head -1 > /dev/null`,
      `${BIN} ps --json | head -1`,
      `${BIN} --help | head -1`,
      `${BIN} start --help | head -1`,
      `${BIN} host --help | head -1`,
    ].join(';');
    expect(await bash(plain, dir)).toEqual({
      stdout:
        '[\nUsage: dynosim <command> [options]\nUsage: dynosim start [options] [type...]\nUsage: dynosim host [options]\n',
      stderr: '',
    });
  });

  test('a reader that does not read delays no others', async () => {
    const { dir, app, type } = await startApp({
      Procfile: 'one: until [ -e go ]; do read -t 0.01; done; seq 200000; echo end of it; exec sleep 1000\n',
    });
    const stuck = openTerminal(`${BIN} logs -t`, dir);
    await stuck.shows(/Starting process/);
    stuck.type('\x13'); // Ctrl-S
    await bash('touch go', dir);
    await app.printed(/end of it/);
    expect(await type('ps:restart')).toMatchObject({ status: 0 });
    expect(await type('stop')).toMatchObject({ status: 0 });
  });
});

describe('colors', () => {
  const { fromCharCode } = String;
  const ESCAPE = fromCharCode(27);

  test('only on a terminal, unless NO_COLOR or FORCE_COLOR say otherwise', async () => {
    const { dir, app } = await startApp(FILES);
    await app.printed(/line 3/);
    const shown = async (line: string, env: Readonly<Record<string, string>>) => {
      const terminal = openTerminal(`${line}; echo end`, dir, { TERM: 'xterm', NO_COLOR: '', ...env });
      const [text] = await terminal.shows(/[\s\S]*end\r\n/);
      return text.includes(`${ESCAPE}[`);
    };
    expect(await shown(`${BIN} ps`, {})).toBe(true);
    expect(await shown(`${BIN} logs`, {})).toBe(true);
    expect(await shown(`${BIN} ps`, { NO_COLOR: '1' })).toBe(false);
    expect(await shown(`${BIN} logs`, { TERM: 'dumb' })).toBe(false);
    expect(await shown(`${BIN} ps | cat`, {})).toBe(false);
    expect(await shown(`${BIN} ps | cat`, { FORCE_COLOR: '1' })).toBe(true);
    expect(await shown(`${BIN} ps`, { FORCE_COLOR: '0' })).toBe(false);
  });
});
