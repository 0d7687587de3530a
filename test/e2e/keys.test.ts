import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { keyRows } from '../../src/cli/keys/table.js';
import { run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { openTerminal, type Terminal } from '../helpers/terminal.js';

const BIN = `${process.execPath} ${fileURLToPath(new URL('../../bin/dynosim.js', import.meta.url))}`;

const APP = {
  'web.js':
    "require('node:http').createServer((req, res) => res.end('hi')).listen(process.env.PORT);process.on('SIGTERM', () => process.exit())",
  Procfile: 'web: exec node web.js\nworker: exec sleep 1000\n',
};

/** An interactive shell, as people have it. */
async function openShell(dir: string): Promise<{ readonly shell: Terminal; readonly modes: () => string }> {
  const shell = openTerminal("PS1='ready> ' exec bash --norc -i", dir, {
    CI: '',
    BROWSER: 'none',
    // The shell would still write it when the test is over.
    HISTFILE: '',
  });
  shell.type('tty\n');
  const [tty] = await shell.shows(/\/dev\/pts\/\d+/);
  const modes = (): string => execFileSync('stty', ['-F', tty, '-g'], { encoding: 'utf8' });
  await shell.shows(/\/dev\/pts\/\d+\r\n[^\n]*ready> /);
  return { shell, modes };
}

describe.runIf(process.platform === 'linux')('keys at a terminal', () => {
  test('steer the app, leave the shell its input in the background, and the terminal as it was', async () => {
    const { shell, modes } = await openShell(makeFolder(APP));
    const before = modes();
    shell.type(`${BIN} start -p 0 -a my-app --no-wake-delay\n`);
    await shell.shows(/Keys: h and Enter shows them/);
    await shell.shows(/web\.1 +State changed from starting to up/);
    shell.type('h\n');
    for (const [typed, does] of keyRows())
      await shell.shows(new RegExp(`\\n  ${typed.replace(/[+[\]]/g, '\\$&')} +${does}`));
    shell.type('p\n');
    await shell.shows(/worker\.1: (up|starting)/);
    shell.type('u\n');
    await shell.shows(/localhost:\d+ {2}sleeps in \d+m\d*s? without requests/);
    shell.type('o\n');
    await shell.shows(/There is no browser here\. Open this URL in one:\r\nhttp:\/\/localhost:\d+\r\n/);
    shell.type('d\n');
    await shell.shows(
      /There is no browser here\. .*\r\nhttp:\/\/127\.0\.0\.1:\d+\/dashboard\/#[a-z2-9]{10}\r\n/,
    );
    shell.type('+ worker\n');
    await shell.shows(/Now running worker at 2:Eco/);
    shell.type('- worker\n');
    await shell.shows(/Now running worker at 1:Eco/);
    shell.type('- web=5\n');
    await shell.shows(
      /\ndynosim: There is no process type web=5\. The process types are web and worker\.\r\n/,
    );
    shell.type('- worker\n');
    await shell.shows(/Now running worker at 0/);
    shell.type('- worker\n');
    await shell.shows(/\ndynosim: No dyno of worker runs\. To run one: \+ worker\r\n/);
    shell.type('+ worker\n');
    await shell.shows(/worker at 0[\s\S]*Now running worker at 1:Eco/);
    shell.type('m\n');
    await shell.shows(/Maintenance mode is on/);
    shell.type('m\n');
    await shell.shows(/Maintenance mode is off/);
    shell.type('l web\n');
    await shell.shows(/Showing only web/);
    shell.type('r\n');
    await shell.shows(/web\.1 +Restarting/);
    shell.type('l nosuch\n');
    await shell.shows(/dynosim: There is no process type nosuch/);
    shell.type('l\n');
    await shell.shows(/Showing the whole log/);
    shell.type('t 31m\n');
    await shell.shows(/worker\.1: idle, was/);
    shell.type('s\n');
    await shell.shows(/The app was asleep already/);
    shell.type('w\n');
    await shell.shows(/web\.1 +Unidling/);

    shell.type('\x1a');
    await shell.shows(/Stopped/);
    shell.type('bg\n');
    await shell.shows(/start .* &/);
    shell.type('echo for the $((20 + 3))rd shell\nu\njobs\n');
    await shell.shows(/for the 23rd shell[\s\S]*u: command not found[\s\S]*Running/);
    shell.type('fg\n');
    await shell.shows(/command not found[\s\S]*start .*no-wake-delay\r\n/);
    shell.type('q\n');
    await shell.shows(/web\.1 +Process exited with status 0[\s\S]*ready> $/);
    expect(modes()).toBe(before);
  });

  test('a dynosim that ends in the background leaves the terminal to the shell', async () => {
    const dir = makeFolder(APP);
    const { shell, modes } = await openShell(dir);
    const atPrompt = modes();
    shell.type(`${BIN} start worker -p 0\n`);
    await shell.shows(/worker\.1 +State changed from starting to up/);
    shell.type('\x1a');
    await shell.shows(/Stopped/);
    shell.type('bg\n');
    await shell.shows(/start .* &\r\n[\s\S]*ready> /);
    expect(await run(['stop', '--dir', dir])).toMatchObject({ status: 0 });
    expect(modes()).toBe(atPrompt);
  });
});
