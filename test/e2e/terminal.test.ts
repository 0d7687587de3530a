import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runtimeFile } from '../../src/api/client/discovery.js';
import { appStateFolder, stateFolder } from '../../src/api/client/state-folder.js';
import { run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { untilGone } from '../helpers/processes.js';
import { openTerminal } from '../helpers/terminal.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = `${process.execPath} ${ROOT}bin/dynosim.js`;

const ESCAPE = String.fromCharCode(27);

/** Clears the screen, as watchers do, and is green. */
const HELLO = "printf '\\033[2J\\033[32mhello\\n'; echo color=$FORCE_COLOR; exec sleep 1000\n";

describe.runIf(process.platform === 'linux')('at a terminal', () => {
  test('Ctrl-C reaches the dynos once, as SIGTERM', async () => {
    const dir = makeFolder({
      'worker.sh':
        'trap "echo got INT" INT; trap "echo got TERM; exit 0" TERM; echo ready; while :; do read -t 0.01; done\n',
      Procfile: 'worker: exec bash worker.sh\n',
    });
    const terminal = openTerminal(`${BIN} start -p 0`, dir);
    await terminal.shows(/worker\.1 +ready/);
    terminal.type('\x03');
    await terminal.shows(/got TERM/);
    await terminal.shows(/Process exited with status 0/);
    expect(await terminal.finished).toBe(0);
    await expect(terminal.shows(/got INT|SIGKILL/)).rejects.toThrow('ended with 0');
  });

  test('npm start runs the first example, and Ctrl-C ends it gracefully though npm passes it on', async () => {
    const terminal = openTerminal('npm start', ROOT, { PORT: '0' });
    await terminal.shows(/node-web-worker is at http:\/\/localhost:\d+/);
    await terminal.shows(/web\.1 +Listening on port/);
    terminal.type('\x03');
    await terminal.shows(/web\.1 +Process exited with status 0/);
    // npm and its shell die of the Ctrl-C themselves.
    await terminal.finished;
    await expect(terminal.shows(/SIGKILL/)).rejects.toThrow('ended with');
  });

  test('shows short lines in color, the address first', async () => {
    const dir = makeFolder({ Procfile: 'web: bash hello.sh\n', 'hello.sh': HELLO });
    const terminal = openTerminal(`${BIN} start -p 0 -a my-app`, dir, { NO_COLOR: '', TERM: 'xterm' });
    await terminal.shows(/^my-app is at http:\/\/localhost:\d+\r\n {2}web {2}bash hello\.sh\r\n/);
    const [text] = await terminal.shows(
      new RegExp(`[\\s\\S]*\\d\\d:\\d\\d:\\d\\d.*${ESCAPE}\\[\\d+m.*web\\.1.* ${ESCAPE}\\[32mhello`),
    );
    expect(text).not.toContain(`${ESCAPE}[2J`);
    await terminal.shows(/color=1/);
    // What a one-off dyno prints may go to a file.
    expect((await run(['run', '--dir', dir, 'echo color=$FORCE_COLOR.'])).stdout).toBe('color=.\n');
    terminal.type('\x03');
    await terminal.finished;
    const plain = openTerminal(`${BIN} start -p 0 --no-color`, dir, { NO_COLOR: '', TERM: 'xterm' });
    const [more] = await plain.shows(/[\s\S]*color=\r/);
    expect(more.replaceAll(`${ESCAPE}[32m`, '').replaceAll(`${ESCAPE}[0m`, '')).not.toContain(ESCAPE);
  });

  test('if the terminal is narrow, texts and log lines break at spaces', async () => {
    const dir = makeFolder({ Procfile: 'worker: exec sleep 1000\n' });
    const terminal = openTerminal(`stty cols 40; ${BIN} start -p 0 -a my-app`, dir);
    await terminal.shows(
      /\r\nDashboard:\r\n {2}http:\S+\/dashboard\/,\r\n {2}opened by (?:npx )?dynosim dashboard\r\n/,
    );
    await terminal.shows(/worker\.1 +Starting process\r\n {2}with command `exec sleep 1000`\r\n/);
    terminal.type('\x03');
    expect(await terminal.finished).toBe(0);
  });

  test('a terminal that is not read holds up no request and no signal', async () => {
    const dir = makeFolder({
      'web.js':
        "require('node:http').createServer((req, res) => res.end('hi')).listen(process.env.PORT, () => console.log('up'))",
      Procfile: 'web: node web.js\nchatty: until [ -e go ]; do read -t 0.01; done; exec yes chatter\n',
    });
    const terminal = openTerminal(`${BIN} start -p 0`, dir);
    const [, port] = await terminal.shows(/http:\/\/localhost:(\d+)/);
    await terminal.shows(/web\.1 +up/);
    terminal.type('\x13'); // Ctrl-S: the terminal shows nothing any more
    writeFileSync(join(dir, 'go'), '');
    for (let count = 0; count < 50; count++) {
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('hi');
    }
    terminal.type('\x03');
    expect(await terminal.finished).toBe(0);
  });

  test('a dyno that waits for a stopped terminal still ends by itself', async () => {
    const dir = makeFolder({
      'chatty.js': [
        "const { writeSync, writeFileSync } = require('node:fs');",
        "process.on('SIGTERM', () => process.exit(writeFileSync('ended', '')));",
        "(function go() { writeSync(1, 'chatter\\n'.repeat(1000)); setImmediate(go); })();",
      ].join('\n'),
      Procfile: 'chatty: node chatty.js\n',
    });
    const terminal = openTerminal(`${BIN} start -p 0 --shutdown-timeout 20s`, dir);
    await terminal.shows(/chatty\.1 +chatter/);
    terminal.type('\x13'); // Ctrl-S; a Ctrl-C would make it show things again
    expect(await run(['stop'], { cwd: dir })).toMatchObject({ status: 0 });
    expect(existsSync(join(dir, 'ended')), 'it was not killed').toBe(true);
  });

  /** A dyno that records each signal, takes a moment to end, and prints a lot meanwhile. */
  const DIARY = {
    'diary.js': [
      "const note = (text) => require('node:fs').appendFileSync('diary', text + '\\n');",
      "process.on('SIGTERM', () => setTimeout(() => process.exit(note('saved')), 300) && note('SIGTERM'));",
      "setInterval(() => console.log('chatter'), 5);",
    ].join('\n'),
    Procfile: 'worker: exec node diary.js\n',
  };

  test('a terminal that is closed ends it gracefully, with one SIGTERM', async () => {
    const dir = makeFolder(DIARY);
    const terminal = openTerminal(`${BIN} start -p 0 --dir ${dir}`, '/');
    await terminal.shows(/worker\.1 +chatter/);
    const runtime = runtimeFile(appStateFolder(stateFolder(process.env), dir));
    expect(existsSync(runtime)).toBe(true);
    await terminal.close();
    await untilGone(dir);
    expect(readFileSync(join(dir, 'diary'), 'utf8')).toBe('SIGTERM\nsaved\n');
    expect(existsSync(runtime)).toBe(false);
  });

  test('when its terminal is closed, it ends as it does otherwise, without a report of Node', async () => {
    const dir = makeFolder(DIARY);
    const command = `trap : HUP; ${BIN} start -p 0 --dir ${dir} 2> ${dir}/errors; echo $? > ${dir}/status`;
    const terminal = openTerminal(`bash -c '${command}'`, '/');
    await terminal.shows(/worker\.1 +chatter/);
    await terminal.close();
    await untilGone(dir);
    expect(readFileSync(join(dir, 'errors'), 'utf8')).not.toContain('Assertion');
    expect(readFileSync(join(dir, 'status'), 'utf8')).toBe('0\n');
  });

  test('with nohup, it continues when the terminal closes', async () => {
    const dir = makeFolder(DIARY);
    const command = `nohup ${BIN} start -p 0 --dir ${dir} > ${dir}/log 2>&1 & echo started $!; wait`;
    const terminal = openTerminal(`bash -c '${command}'`, '/');
    const [, pid] = await terminal.shows(/started (\d+)/);
    while (!/worker\.1\]: chatter/.test(readIfThere(join(dir, 'log')))) await immediate();
    await terminal.close();
    // As a shell at the terminal does with its jobs.
    process.kill(Number(pid), 'SIGHUP');
    expect(await run(['ps:restart', '--dir', dir])).toMatchObject({ status: 0 });
    expect(await run(['ps:wait', '--dir', dir])).toMatchObject({ status: 0 });
    expect((await run(['ps', '--dir', dir])).stdout).toContain('worker.1: up');
    expect(await run(['stop', '--dir', dir])).toMatchObject({ status: 0 });
    expect(readFileSync(join(dir, 'log'), 'utf8')).not.toContain('EIO');
  });
});

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
