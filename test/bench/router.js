// Measures the router beside its peers, all in front of one backend, in one run: `node test/bench/router.js`.
// Needs `npm run build` and wrk; compares with nginx (Debian) and http-proxy-3 (npm) if they are there.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    /** A folder whose node_modules has http-proxy-3. */
    peers: {
      type: 'string',
      default: process.env.DYNOSIM_BENCH_PEERS ?? join(homedir(), '.cache/dynosim-bench'),
    },
    /** nginx answers faster than any app: what is measured then is the router. */
    backend: { type: 'string', default: has('nginx') ? 'nginx' : 'node' },
  },
});
const CONNECTIONS = 32;
const SUBJECT = fileURLToPath(new URL('router-subject.js', import.meta.url));
const ROUTER = fileURLToPath(new URL('../../dist/router/server.js', import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'dynosim-bench-'));
const children = [];

try {
  await main();
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(
    children.map((child) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve))),
  );
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  if (!has('wrk')) return console.log('router: skipped, wrk is not installed (apt-get install wrk)');
  if (!existsSync(ROUTER)) return console.log('router: skipped, not built (npm run build)');
  print(measureAll(await startAll()));
}

/** Starts the backend and everything in front of it. */
async function startAll() {
  const backend = await start('direct', options.backend === 'nginx' ? nginxBackend : node('node'));
  const servers = [backend];
  if (has('nginx')) servers.push(await start('nginx', nginxProxy, backend.port));
  else console.log('router: nginx is skipped, it is not installed (apt-get install nginx-light)');
  if (existsSync(join(options.peers, 'node_modules/http-proxy-3')))
    servers.push(await start('http-proxy-3', node('http-proxy-3'), backend.port));
  else
    console.log(
      `router: http-proxy-3 is skipped, it is not in ${options.peers} (npm install http-proxy-3 there)`,
    );
  servers.push(await start('dynosim', node('dynosim'), backend.port));
  return servers;
}

/** Rounds over all, so that whatever else the machine does strikes all alike. */
function measureAll(servers) {
  const results = Object.fromEntries(servers.map(({ name }) => [name, { rates: [], cpu: [], medians: [] }]));
  for (const { port } of servers) wrk(port, CONNECTIONS); // warm up
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const { name, port, pids } of servers) {
      const before = cpuUs(pids);
      const { rate, requests } = wrk(port, CONNECTIONS);
      results[name].rates.push(rate);
      results[name].cpu.push((cpuUs(pids) - before) / requests);
    }
    for (const { name, port } of servers) results[name].medians.push(wrk(port, 1).medianUs);
  }
  return results;
}

function print(results) {
  console.log(
    `router: ${CONNECTIONS} connections and 1, backend ${options.backend}, ${options.rounds} rounds of ${options.seconds} s, medians`,
  );
  console.log(`router: ${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`);
  const added = (name) => results[name].medians.map((us, i) => us - results.direct.medians[i]);
  const ratio = (of, to) => (to ? median(of.map((value, i) => value / to[i])).toFixed(2) : '-');
  const rows = Object.entries(results).map(([name, { rates, cpu, medians }]) => ({
    '': name,
    'requests/s': Math.round(median(rates)),
    '× nginx': ratio(rates, results.nginx?.rates),
    '× http-proxy-3': ratio(rates, results['http-proxy-3']?.rates),
    'CPU µs': name === 'direct' ? '-' : median(cpu).toFixed(1),
    'median µs': Math.round(median(medians)),
    'added µs': name === 'direct' ? '-' : Math.round(median(added(name))),
    '× nginx’s added': name === 'direct' || !results.nginx ? '-' : ratio(added(name), added('nginx')),
  }));
  const columns = Object.keys(rows[0]);
  const widths = columns.map((column) =>
    Math.max(...[column, ...rows.map((row) => String(row[column]))].map((text) => text.length)),
  );
  const line = (cells) =>
    cells
      .map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i])))
      .join('  ');
  console.log([line(columns), ...rows.map((row) => line(Object.values(row)))].join('\n'));
  console.log('aim: at least 0.50 × nginx and 1.80 × http-proxy-3; added at most 3.00 × nginx’s');
}

// The load.

function wrk(port, connections) {
  const output = execFileSync(
    'wrk',
    ['-t1', `-c${connections}`, `-d${options.seconds}s`, '--latency', `http://127.0.0.1:${port}/a?b=c`],
    { encoding: 'utf8' },
  );
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`Errors under load:\n${output}`);
  const [, rate] = /Requests\/sec:\s+([\d.]+)/.exec(output);
  const [, time, unit] = /50%\s+([\d.]+)(us|ms|s)/.exec(output);
  const [, requests] = /(\d+) requests in/.exec(output);
  return {
    rate: Number(rate),
    requests: Number(requests),
    medianUs: Number(time) * { us: 1, ms: 1e3, s: 1e6 }[unit],
  };
}

/** Processor time so far, in steps of 10 ms; unlike requests per second, it does not depend on what else is running. */
function cpuUs(pids) {
  const ticks = pids.map((pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' '));
  return ticks.reduce((sum, fields) => sum + Number(fields[11]) + Number(fields[12]), 0) * 10_000;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

// What is measured.

function node(kind) {
  return (port, backend) => [process.execPath, [SUBJECT, kind, String(port), String(backend), options.peers]];
}

function nginxBackend(port) {
  return nginx(
    port,
    `location / { default_type text/plain; return 200 "hello world\\n"; }`,
    'access_log off;',
  );
}

/** As an administrator would set it up: keep-alive both ways, forwarding headers, a log. */
function nginxProxy(port, backend) {
  return nginx(
    port,
    `location / {
      proxy_pass http://backend; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Request-Id $request_id; }`,
    `access_log access.log;
     upstream backend { server 127.0.0.1:${backend}; keepalive 64; keepalive_requests 1000000000; }`,
  );
}

function nginx(port, location, more) {
  const file = join(folder, `nginx-${port}.conf`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/nginx-${port}.pid; error_log stderr crit;
     events { worker_connections 4096; }
     http { ${temporary.join(' ')} keepalive_requests 1000000000; ${more}
       server { listen 127.0.0.1:${port}; ${location} } }`,
  );
  return ['nginx', ['-p', folder, '-c', file]];
}

/** Starts a server on a free port; resolves once it answers. */
async function start(name, command, backend) {
  const port = await freePort();
  const child = spawn(...command(port, backend), { stdio: ['ignore', 'ignore', 'inherit'] });
  children.push(child);
  for (let tries = 0; tries < 100; tries += 1) {
    const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return { name, port, pids: processesOf(child.pid) };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${child.spawnargs.join(' ')} does not answer`);
}

/** A process and its children, as nginx has; none where there is no /proc. */
function processesOf(pid) {
  const file = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(file)) return [];
  return [pid, ...readFileSync(file, 'utf8').split(' ').filter(Boolean)];
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function has(program) {
  return (process.env.PATH ?? '').split(':').some((path) => existsSync(join(path, program)));
}
