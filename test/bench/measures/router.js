import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cpuMs, isLinux, ownProcesses } from '../linux.js';
import * as nginx from '../nginx.js';
import { interleaved } from '../numbers.js';
import { compareCosts, compareRates, limit } from '../table.js';
import { load } from '../wrk.js';

const ROUNDS = 10;
const CONNECTIONS = 32;
const ROUNDS_ONE_BY_ONE = 4;
const SECONDS = 1;
/** What "well under a millisecond" means. */
const MOST_ADDED_US = 500;
/** A multiple of the time that nginx adds. */
const MOST_ADDED_RATIO = 3;

/** The dyno's nginx is the backend of all contenders, so it prints its address. */
const PROCFILE =
  'web: sed "s/@PORT/$PORT/" backend >nginx.conf; echo $PORT >port; exec nginx -p . -c nginx.conf\n';

export const title = `requests through the router, each with a log line, ${CONNECTIONS} at a time and one by one`;

export async function measure(bench) {
  if (!isLinux || !bench.peers.hasPrograms('nginx', 'wrk')) return [];
  const servers = await startAll(bench);
  const contenders = (use) =>
    Object.fromEntries(servers.map((server) => [server.name, () => use(bench, server)]));
  try {
    const { direct: _, ...proxies } = contenders(loaded);
    return [
      ...compareLoaded(await interleaved(ROUNDS, proxies)),
      ...compareAdded(await interleaved(ROUNDS_ONE_BY_ONE, contenders(oneByOne))),
    ];
  } finally {
    for (const { subject } of servers) await subject.end();
  }
}

/** dynosim, its dyno without anything in front, and the peers in front of the same dyno. */
async function startAll(bench) {
  const app = bench.folder({ Procfile: PROCFILE, backend: nginx.backend('@PORT') });
  const dynosim = await start('dynosim', (port) => bench.dynosim(app, { port, log: 'dynosim.log' }));
  const backend = Number(readFileSync(join(app, 'port'), 'utf8'));
  const proxies = [
    await start('nginx', (port) => bench.nginx(nginx.proxy(port, backend))),
    ...(bench.peers.has('http-proxy-3')
      ? [await start('http-proxy-3', (port) => bench.httpProxy3(port, backend))]
      : []),
  ];
  return [dynosim, ...proxies, { ...dynosim, name: 'direct', port: backend }];
}

async function start(name, run) {
  const port = await freePort();
  const subject = run(port);
  await subject.answers(`http://127.0.0.1:${port}/`);
  return { name, port, subject, pids: ownProcesses(subject.pid) };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Processor time, too: unlike requests per second, it hardly depends on what else runs. */
async function loaded(bench, { port, pids }) {
  const before = cpuMs(pids);
  const { rate, requests } = await load(bench, port, { connections: CONNECTIONS, seconds: SECONDS });
  return { rate, cpuUs: ((cpuMs(pids) - before) * 1000) / requests };
}

async function oneByOne(bench, { port }) {
  const { medianUs } = await load(bench, port, { connections: 1, seconds: SECONDS });
  return medianUs;
}

function compareLoaded(results) {
  const series = (name, key) => results[name]?.map((result) => result[key]);
  const both = (measure, unit, key, peerName) => {
    return { measure, unit, dynosim: series('dynosim', key), peer: series(peerName, key), peerName };
  };
  return [
    compareRates(both('requests', '/s', 'rate', 'nginx'), 0.5),
    compareRates(both('requests', '/s', 'rate', 'http-proxy-3'), 1.8),
    compareCosts(both('  processor time of one', 'µs', 'cpuUs', 'nginx')),
    compareCosts(both('  processor time of one', 'µs', 'cpuUs', 'http-proxy-3')),
  ];
}

/** Between the best of each: one may have suffered more than the other from what else the machine does. */
function compareAdded(times) {
  const added = (name) => Math.min(...times[name]) - Math.min(...times.direct);
  const what = { measure: '  time added to one', unit: 'µs', dynosim: [added('dynosim')] };
  return [
    limit({ measure: what.measure, value: added('dynosim'), unit: what.unit }, MOST_ADDED_US),
    compareCosts({ ...what, peer: [added('nginx')], peerName: 'nginx' }, MOST_ADDED_RATIO),
  ];
}
