import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuMs, isLinux } from '../linux.js';
import { interleaved } from '../numbers.js';
import { limit } from '../table.js';

const DYNOS = 20;
const SCALE = 50;
const FOLLOWERS = 100;
const WATCH_MS = 5000;

const SERVER =
  "require('http').createServer().listen(process.env.PORT || 0, () => console.log('line-' + 6 * 7))";

/** Like a busy app: a thousand lines a second. */
const WRITER =
  "console.log('line-' + 6 * 7); setInterval(() => process.stdout.write('a line of a usual length, as apps write it\\n'.repeat(50)), 50)";

export const title = 'commands from another terminal';

export async function measure(bench) {
  return [await ps(bench), await scale(bench), ...(isLinux ? [await followers(bench)] : [])];
}

/** `dynosim ps` compared with a Node that does nothing. */
async function ps(bench) {
  const types = Array.from({ length: DYNOS }, (_, index) => `worker-${index + 1}`);
  const app = bench.app(types.map((type) => `${type}: echo line-$((6 * 7)); exec sleep 600\n`).join(''));
  const dynosim = bench.dynosim(app);
  try {
    await dynosim.printed('line-42', DYNOS);
    const times = await interleaved(15, {
      ps: () => duration(() => bench.command(app, 'ps').output()),
      node: () => duration(() => bench.node(['-e', '0']).output()),
    });
    const node = Math.min(...times.node);
    const what = { measure: `ps of ${DYNOS} dynos`, value: Math.min(...times.ps), unit: 'ms', digits: 0 };
    return limit({ ...what, peer: { name: 'node -e 0', value: node } }, 1.5 * node + 80);
  } finally {
    await dynosim.end();
  }
}

/** The time until all are up, compared with the same processes alone. */
async function scale(bench) {
  const app = bench.app(`web: exec node -e "${SERVER}"\n`);
  const dynosim = bench.dynosim(app);
  try {
    await dynosim.printed('line-42');
    const times = await interleaved(3, {
      async scaled() {
        const took = await duration(async () => {
          await bench.command(app, 'ps:scale', `web=${SCALE + 1}`).output();
          await bench.command(app, 'ps:wait').output();
        });
        await bench.command(app, 'ps:scale', 'web=1').output();
        return took;
      },
      async alone() {
        // In one session, as dynos are: the kernel may share processor time out by session.
        const command = `for n in $(seq ${SCALE}); do node -e "${SERVER}" & done; wait`;
        const shell = bench.run(['bash', '-c', command]);
        try {
          return await shell.printed('line-42', SCALE);
        } finally {
          await shell.end();
        }
      },
    });
    const alone = Math.min(...times.alone);
    const value = Math.min(...times.scaled);
    const peer = { name: 'bare', value: alone };
    return limit(
      { measure: `ps:scale web=${SCALE}, all up`, value, peer, unit: 'ms', digits: 0 },
      1.5 * alone,
    );
  } finally {
    await dynosim.end();
  }
}

/** dynosim's cost of many readers that follow the log of a busy app, compared with one. */
async function followers(bench) {
  const app = bench.app(`worker: exec node -e "${WRITER}"\n`);
  const dynosim = bench.dynosim(app);
  try {
    await dynosim.printed('line-42');
    const one = await costOfFollowers(bench, app, dynosim.pid, 1);
    const many = await costOfFollowers(bench, app, dynosim.pid, FOLLOWERS);
    const peer = { name: 'one', value: one };
    const what = { measure: `${FOLLOWERS} who follow the log, CPU`, value: many, peer };
    return limit({ ...what, unit: '% of a core', digits: 2 }, 2 * one);
  } finally {
    await dynosim.end();
  }
}

async function costOfFollowers(bench, app, pid, count) {
  const { api, token, name } = await bench.access(app);
  const responses = [];
  try {
    for (let n = 0; n < count; n += 1)
      responses.push(await followLog(`${api}/apps/${name}/log-sessions`, token));
    await pause(1000);
    const before = cpuMs([pid]);
    await pause(WATCH_MS);
    return ((cpuMs([pid]) - before) / WATCH_MS) * 100;
  } finally {
    for (const response of responses) response.destroy();
  }
}

async function followLog(sessions, token) {
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
  const created = await fetch(sessions, { method: 'POST', headers, body: '{"tail":true,"lines":0}' });
  const { logplex_url: url } = await created.json();
  const response = await new Promise((resolve, reject) => {
    http.get(url, { agent: false }, resolve).once('error', reject);
  });
  return response.resume();
}

async function duration(action) {
  const began = performance.now();
  await action();
  return performance.now() - began;
}
