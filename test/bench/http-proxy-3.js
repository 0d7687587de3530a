// A proxy of a few lines, as one writes it with http-proxy-3; keep-alive to the backend, no log.
//   node http-proxy-3.js FOLDER PORT BACKEND_PORT      FOLDER has http-proxy-3 in its node_modules
import { Agent, createServer } from 'node:http';
import { createRequire } from 'node:module';

const [, , folder, port, backendPort] = process.argv;
const { createProxyServer } = createRequire(`${folder}/`)('http-proxy-3');

const proxy = createProxyServer({
  target: `http://127.0.0.1:${backendPort}`,
  xfwd: true,
  agent: new Agent({ keepAlive: true, maxFreeSockets: 1000 }),
});
createServer((request, response) => proxy.web(request, response)).listen(Number(port), '127.0.0.1');
