import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { BIN, run, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { Debugger, untilTarget } from '../helpers/inspector.js';
import { openTerminal } from '../helpers/terminal.js';

const SERVER = `const http = require('node:http');
const server = http.createServer((request, response) => {
  if (request.url === '/stop') debugger;
  if (request.url !== '/hang') response.end('hello');
});
process.on('SIGTERM', () => {
  debugger;
  process.exit(3);
});
server.listen(process.env.PORT);
`;

const FILES = {
  Procfile: 'web: npm start\n',
  'package.json': JSON.stringify({ scripts: { start: 'node server.js' } }),
  'server.js': SERVER,
};

/** Longer than it takes an app to exit, on any machine. */
const SHUTDOWN_MS = 1000;

async function inspectorOf(dir: string): Promise<number> {
  const { stdout } = await run(['ps', '--json', '--dir', dir]);
  return JSON.parse(stdout)[0].inspect;
}

describe.runIf(process.platform === 'linux')('start --inspect', () => {
  test('a pause at a breakpoint changes nothing, however long it is', async () => {
    const dir = makeFolder(FILES);
    const limits = ['--request-timeout', '500ms', '--shutdown-timeout', `${SHUTDOWN_MS}ms`];
    const app = start(dir, ['--inspect=web', '--sleep-after', '30m', ...limits]);
    const { router } = await app.ready();
    await app.printed(/State changed from starting to up/);
    const port = await inspectorOf(dir);
    await app.printed(new RegExp(`"line":"inspector on 127\\.0\\.0\\.1:${port}"`));
    const { url } = await untilTarget(port, () => true);
    expect(url).toMatch(/\/server\.js$/);

    const attached = await Debugger.attach(port);
    const paused = fetch(`${router}/stop`);
    await attached.until('Debugger.paused');
    // The request timeout is over, but holds nobody up any more.
    await app.printed(/a debugger is attached/);
    expect((await run(['clock:advance', '25h', '--dir', dir])).status).toBe(0);
    await attached.call('Debugger.resume');
    expect((await paused).status).toBe(200);
    // Without requests now, only the debugger keeps the app awake.
    expect((await run(['clock:advance', '25h', '--dir', dir])).status).toBe(0);

    await run(['ps:restart', '--dir', dir]);
    await attached.until('Debugger.paused');
    const pausedAt = performance.now();
    await app.printed(/(?:State changed from starting to up[\s\S]*){2}/);
    // It must be seen that the debugger holds the time limit, and not only once it has let go.
    while (performance.now() < pausedAt + 2 * SHUTDOWN_MS) await immediate();
    await attached.call('Debugger.resume');
    await app.printed(/Process exited with status/);
    expect(app.stdout).not.toMatch(/H12|R12|Idling|Cycling/);

    // The new run has the port. When the debugger has left it, the limits hold again.
    await untilTarget(port, () => true);
    expect(await inspectorOf(dir)).toBe(port);
    const terminal = openTerminal(`${process.execPath} inspect 127.0.0.1:${port}`, dir);
    await terminal.shows(/ ok[\s\S]*debug> /);
    terminal.type('.exit\n');
    expect(await terminal.finished).toBe(0);
    expect((await fetch(`${router}/hang`)).status).toBe(503);
    await app.printed(/"code":"H12"/);
    await run(['clock:advance', '31m', '--dir', dir]);
    await app.printed(/Idling/);
  });

  test('NODE_OPTIONS=--inspect-brk in the shell stops the app, and not dynosim', async () => {
    const dir = makeFolder({ ...FILES, Procfile: 'web: node server.js\n' });
    const command = `${BIN} start --dir ${dir} --port 0 --boot-timeout 1s`;
    const terminal = openTerminal(command, dir, { NODE_OPTIONS: '--inspect-brk=9319' });
    const [, port] = await terminal.shows(/waits for a debugger on 127\.0\.0\.1:(\d+)/);
    const attached = await Debugger.attach(Number(port));
    await attached.call('Runtime.runIfWaitingForDebugger');
    await attached.until('Debugger.paused');
    await terminal.shows(/a debugger is attached/);
    await attached.call('Debugger.resume');
    const [screen] = await terminal.shows(/^[\s\S]*State changed from starting to up/);
    expect(screen).not.toMatch(/R10|Debugger listening/);
    await attached.detach();
  });

  test.each([
    [['--inspect=wep'], /"--inspect wep": there is no process type `wep`, only web\. Did you mean web\?/],
    [['--inspect-brk', 'wep'], /"--inspect-brk wep": there is no process type/],
  ])('%j: one line says what is wrong', async (flags, message) => {
    const { status, stderr } = await run(['start', '--dir', makeFolder(FILES), ...flags]);
    expect({ status, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, lines: 1 });
    expect(stderr).toMatch(message);
  });
});
