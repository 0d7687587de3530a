// NODE_OPTIONS loads this into every Node process of a dyno with an inspector (start --inspect), before its program.
// Opens the inspector in the app's own process, and in its children. In ES2015, because apps run on any version of Node.
const fs = require('fs');
const inspector = require('inspector');
const net = require('net');
const url = require('url');

/** As in ports.ts. */
const PORTS_OF_A_DYNO = 10;
const HOST = '127.0.0.1';
/** An earlier run of the dyno may still have the port. */
const TRY_AGAIN_MS = 100;
const SAY_SO_MS = 5000;
/** After this long, an installed program that has no child with an inspector seems to run the app in its own process. */
const LAUNCH_MS = 3000;

const PACKAGE_MANAGER =
  /(?:^|[\\/])(?:npm|npx|yarn|yarnpkg|pnpm|pnpx|corepack)(?:-cli)?(?:-[\d.]+)?(?:\.[cm]?js)?$/;
/** Most installed programs run the app in a child: nodemon, tsx, next. Debian has its own place for them. */
const INSTALLED = /[\\/]node_modules[\\/]|^\/usr\/share\/nodejs\//;
/** These run it in their own process. */
const RUNNER =
  /[\\/](?:ts-node|coffeescript|vite-node|sucrase|@babel[\\/]node[\\/]lib[\\/]_babel-node)(?:[\\/.]|$)/;

const [firstPort, mode] = (process.env.DYNOSIM_INSPECT || '').split(',');
const first = Number(firstPort);

if (first > 0 && isMainThread()) {
  const program = programFile();
  if (inspector.url() !== undefined) sayWhere();
  else if (isClusterWorker()) openForChild();
  else if (mode === 'child') whenListening(openForChild);
  else if (isApp(program)) openForApp(program);
  else {
    whenListening(() => inspector.url() === undefined && openForApp(''));
    if (mode !== 'break' && !PACKAGE_MANAGER.test(program))
      setTimeout(() => openOneOf([first], () => {}), LAUNCH_MS).unref();
  }
}

function isMainThread() {
  try {
    return require('worker_threads').isMainThread;
  } catch (_) {
    return true;
  }
}

/** Does not load `cluster` needlessly: it reads its settings from the environment then. */
function isClusterWorker() {
  return process.send !== undefined && require('cluster').isWorker;
}

/** The file of the program, without links, also for `node .`; empty for `node -e`. */
function programFile() {
  try {
    return fs.realpathSync(require.resolve(process.argv[1]));
  } catch (_) {
    return '';
  }
}

/** Whether this process runs the app itself, and does not merely start the process that does. */
function isApp(program) {
  return RUNNER.test(program) || !(INSTALLED.test(program) || PACKAGE_MANAGER.test(program));
}

/** Calls back when this process is about to listen on $PORT. */
function whenListening(callback) {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (...args) {
    const [where] = args;
    const port = where !== null && typeof where === 'object' ? where.port : where;
    if (port !== undefined && String(port) === process.env.PORT) {
      net.Server.prototype.listen = listen;
      callback();
    }
    return listen.apply(this, args);
  };
}

/** @param program the file that is about to begin; empty if the program runs already, or has no file */
function openForApp(program) {
  process.env.DYNOSIM_INSPECT = `${first},child`;
  // From here, Node numbers the workers of a cluster, whose inspectors it may open itself.
  process.debugPort = first;
  if (mode === 'break') return openAndStop(program);
  const startedAt = Date.now();
  let hasSaidSo = false;
  const tryAgain = () => {
    if (!hasSaidSo && Date.now() - startedAt > SAY_SO_MS) {
      hasSaidSo = true;
      process.stderr.write(`The inspector opens when port ${first} is free\n`);
    }
    setTimeout(open, TRY_AGAIN_MS).unref();
  };
  const open = () => openOneOf([first], tryAgain);
  open();
}

/** No other run of the dyno has the port: such runs do not overlap. */
function openAndStop(program) {
  inspector.open(first, HOST, true);
  closeAtExit();
  if (program !== '') return stopAtFirstLine(program);
  // biome-ignore lint/suspicious/noDebugger: the user wants to stop before the program begins.
  debugger; // Your program goes on when you continue.
}

/** As --inspect-brk of Node does, which does not stop in a process whose inspector is open already. */
function stopAtFirstLine(program) {
  const session = new inspector.Session();
  session.connect();
  session.post('Debugger.enable');
  session.post('Debugger.setBreakpointByUrl', { url: String(url.pathToFileURL(program)), lineNumber: 0 });
}

/** The workers of a cluster begin to try at different ports. */
function openForChild() {
  const ports = Array.from({ length: PORTS_OF_A_DYNO - 1 }, (_, index) => first + 1 + index);
  const own = Math.max(0, ports.indexOf(process.debugPort));
  process.debugPort = ports[own];
  openOneOf([...ports.slice(own), ...ports.slice(0, own)], () => {}, sayWhere);
}

/** dynosim itself names only the first port of a dyno. */
function sayWhere() {
  process.stderr.write(`Inspector on ${inspector.url().split('/')[2]}\n`);
}

/** Opens the inspector on the first of these ports that is free. */
function openOneOf([port, ...others], onNone, onOpen = () => {}) {
  if (port === undefined) return onNone();
  const next = () => openOneOf(others, onNone, onOpen);
  // Node prints a line for each attempt to open the inspector on a port that is not free.
  const probe = net.createServer().on('error', next);
  probe.listen({ port, host: HOST, exclusive: true }, () => probe.close(() => openOn(port, next, onOpen)));
  probe.unref();
}

function openOn(port, onTaken, onOpen) {
  // The program or Node may have opened it.
  if (inspector.url() === undefined) inspector.open(port, HOST);
  if (inspector.url() === undefined) return onTaken();
  closeAtExit();
  onOpen();
}

/**
 * Otherwise, Node would wait until the debugger disconnects, and Chrome's does not. `node inspect` does not even do so when it is
 * asked to: a debugger does not keep dynosim from ending a process that has printed this line, which Node itself prints then.
 */
function closeAtExit() {
  process.once('exit', () => {
    if (isConnected()) fs.writeSync(2, 'Waiting for the debugger to disconnect...\n');
    inspector.close();
  });
}

/** Whether a debugger is connected; false where the system does not tell. */
function isConnected() {
  const own = Number((inspector.url() || '').split(/[:/]/)[4])
    .toString(16)
    .toUpperCase()
    .padStart(4, '0');
  try {
    return new RegExp(`: [0-9A-F]+:${own} [0-9A-F:]+ 01 `).test(fs.readFileSync('/proc/net/tcp', 'latin1'));
  } catch (_) {
    return false;
  }
}
