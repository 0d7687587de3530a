import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { startContainment } from '../../../src/dynos/contain/index.js';
import { InspectorPorts } from '../../../src/dynos/inspector/ports.js';
import { addInspector } from '../../../src/dynos/inspector/variables.js';
import { Ports } from '../../../src/dynos/ports.js';
import { makeFolder } from '../../helpers/folder.js';
import { Debugger, targetOn, untilTarget } from '../../helpers/inspector.js';

const path = process.env.PATH ?? '';
const ports = new Ports();

const SERVER = "require('node:http').createServer().listen(process.env.PORT)";
const LAUNCHER = (script: string): string =>
  `require('node:child_process').spawn(process.execPath, ['${script}'], { stdio: 'inherit' })`;
const FILES = {
  'package.json': JSON.stringify({ scripts: { start: 'node server.js' } }),
  'server.js': SERVER,
  'begin.js': '// A comment.\nconsole.log(1);\n',
  'folder/index.js': 'console.log(1);\n',
  'launch.js': LAUNCHER('server.js'),
  'cluster.js': `const cluster = require('node:cluster');
if (cluster.isPrimary) for (let n = 0; n < 2; n += 1) cluster.fork(); else ${SERVER}`,
  'thread.js': `const { Worker, isMainThread } = require('node:worker_threads');
if (isMainThread) { new Worker(__filename); ${SERVER} } else setInterval(() => {}, 1000)`,
  'node_modules/nodemon/bin/nodemon.js': LAUNCHER('server.js'),
  'node_modules/framework/cli.js': SERVER,
  'node_modules/framework/listen.js': `${SERVER}\nconsole.log(1)`,
};

/** Runs a command in a folder with these files, with an inspector. */
async function startInspected(command: string, isBreaking = false) {
  const dir = makeFolder(FILES);
  symlinkSync('nodemon/bin/nodemon.js', join(dir, 'node_modules/nodemon.js'));
  const first = await new InspectorPorts(10_000 + 10 * Math.floor(900 * Math.random())).of('web.1');
  const start = async () => {
    const containment = await startContainment({
      platform: process.platform,
      path,
      portable: false,
      clock: systemClock,
    });
    onTestFinished(() => containment.close());
    const env: Record<string, string> = { PATH: path, HOME: dir, PORT: String(await ports.take()) };
    addInspector(env, { port: first, isBreaking });
    const tree = await containment.start({ name: 'web.1', cwd: dir, env, command: ['bash', '-c', command] });
    let output = '';
    tree.output.on('data', (chunk) => {
      output += chunk;
    });
    onTestFinished(async () => {
      tree.signal('SIGKILL');
      await tree.exited;
    });
    return { tree, output: () => output };
  };
  return { first, start, ...(await start()) };
}

test.each([
  ['node server.js', ['server.js']],
  ['npm start', ['server.js']],
  ['node --watch server.js', ['server.js']],
  ['node node_modules/nodemon.js', ['server.js']],
  ['node node_modules/framework/cli.js', ['cli.js']],
  ['node launch.js', ['launch.js', 'server.js']],
  ['node cluster.js', ['cluster.js', 'cluster.js', 'cluster.js']],
  ['node thread.js', ['thread.js']],
  ["node -e 'setInterval(() => {}, 1000)'", ['']],
])('%s: the inspector is in the app, and others in its children', async (command, files) => {
  const { first, output } = await startInspected(command);
  const fileOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
  for (const [index, file] of files.entries()) {
    await untilTarget(first + index, ({ url }) => fileOf(url) === file);
    while (index > 0 && !output().includes(`Inspector on 127.0.0.1:${first + index}\n`))
      await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await targetOn(first + files.length)).toBeUndefined();
  expect(output()).not.toMatch(/failed|Debugger listening/);
});

test('the next run gets the port when the earlier one ends, even if its debugger stays', async () => {
  const { first, tree, start } = await startInspected(
    `exec node -e 'process.on("SIGTERM", () => process.exit()); setInterval(() => {}, 1000)'`,
  );
  await Debugger.attach(first);
  const { webSocketDebuggerUrl: earlier } = await untilTarget(first, () => true);
  await start();
  tree.signal('SIGTERM');
  await tree.exited;
  await untilTarget(first, ({ webSocketDebuggerUrl }) => webSocketDebuggerUrl !== earlier);
});

test.each([
  ["exec node -e 'console.log(1)'", /preload\.cjs$/],
  ['exec node begin.js', /begin\.js$/],
  ['exec node ./folder', /folder\/index\.js$/],
  ['exec node node_modules/framework/listen.js', /preload\.cjs$/],
])('%s, which must stop at its start, waits for a debugger to continue it', async (command, file) => {
  const { first, output } = await startInspected(command, true);
  const attached = await Debugger.attach(first);
  await attached.call('Runtime.runIfWaitingForDebugger');
  await attached.until('Debugger.paused');
  expect(attached.stoppedIn).toMatch(file);
  expect(output()).not.toContain('1\n');
  await attached.call('Debugger.resume');
  while (!output().includes('1\n')) await new Promise((resolve) => setImmediate(resolve));
});
