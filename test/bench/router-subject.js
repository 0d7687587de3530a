// One router for router.js to measure: `node router-subject.js dynosim|http-proxy-3|node PORT BACKEND_PORT`.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const [, , kind, port, backendPort, peers] = process.argv;

const subjects = {
  /** dynosim's router, with its log lines: the last 1500 are kept, as its log does. */
  async dynosim() {
    const { startRouter } = await import('../../dist/router/server.js');
    const { systemTime } = await import('../../dist/base/clock.js');
    const { REAL_TIMEOUTS } = await import('../../dist/base/limits.js');
    const backend = { id: 'web.1#1', dyno: 'web.1', host: '127.0.0.1', port: Number(backendPort) };
    const up = { kind: 'up', backends: [backend] };
    const lines = Array(1500);
    let n = 0;
    const app = {
      name: 'bench',
      backends: { readiness: () => up, wake() {}, onChange: () => () => {}, requestStarted: () => () => {} },
      log: (entry) => {
        lines[n++ % lines.length] = entry;
      },
    };
    await startRouter({
      findApp: () => app,
      time: systemTime(),
      timeouts: REAL_TIMEOUTS,
      dynoKeepAlive: true,
      host: '127.0.0.1',
      port: Number(port),
    });
  },

  /** http-proxy-3 with keep-alive to the backend; it writes no log. */
  async 'http-proxy-3'() {
    const { Agent } = await import('node:http');
    const { createProxyServer } = createRequire(`${peers}/`)('http-proxy-3');
    const proxy = createProxyServer({
      target: `http://127.0.0.1:${backendPort}`,
      xfwd: true,
      agent: new Agent({ keepAlive: true, maxFreeSockets: 1000 }),
    });
    createServer((req, res) => proxy.web(req, res)).listen(Number(port), '127.0.0.1');
  },

  /** The backend, where there is no nginx. */
  async node() {
    createServer((_, res) => {
      res.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 12 });
      res.end('hello world\n');
    }).listen(Number(port), '127.0.0.1');
  },
};

await subjects[kind]();
process.on('SIGTERM', () => process.exit(0));
