import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BenchHost } from '../bench-host.js';
import { cpuMs, isLinux, ownProcesses, pssMb } from '../linux.js';
import { interleaved, median } from '../numbers.js';
import { firstByte } from '../ports.js';
import { compareCosts, limit } from '../table.js';
import { FILES, SleepyApp } from './wake.js';

const ROUNDS = 15;
const ASLEEP = 20;
/** V8 tidies up its memory for a while after the start. */
const SETTLE_MS = 20_000;
const WATCH_MS = 20_000;
/** How much later a dyno may start if its slug is large. */
const MOST_ADDED_MS = 50;

/** Adds 300 MB in 30,000 files to a slug, as node_modules are. */
const COMPILE = `#!/usr/bin/env node
const { mkdirSync, writeFileSync } = require('node:fs');
const file = Buffer.alloc(10_000, 'x');
for (let index = 0; index < 300; index += 1) {
  const folder = process.argv[2] + '/node_modules/package-' + index;
  mkdirSync(folder, { recursive: true });
  for (let name = 0; name < 100; name += 1) writeFileSync(folder + '/' + name + '.js', file);
}
`;

export const title = `wakes by name in a host, of a slug with 300 MB too, and what ${ASLEEP} apps cost asleep`;

export async function measure(bench) {
  if (!isLinux) return [];
  return [...(await measureWakes(bench)), ...(await measureSleep(bench))];
}

async function measureWakes(bench) {
  const folder = bench.folder(FILES);
  const host = await BenchHost.start(bench, bench.folder({}));
  const alone = await SleepyApp.start(bench, folder);
  try {
    await host.create('small', 'none');
    await host.create('large', largeBuildpack(bench));
    for (const name of ['small', 'large']) await host.deploy(name, folder);
    const times = await interleaved(ROUNDS, {
      small: () => wake(host, 'small'),
      large: () => wake(host, 'large'),
      alone: () => alone.wake(1),
    });
    const [small, large] = [median(times.small), median(times.large)];
    return [
      compareCosts(
        {
          measure: 'wake by name in a host',
          unit: 'ms',
          dynosim: times.small,
          peer: times.alone,
          peerName: 'start',
        },
        1.15,
      ),
      limit(
        {
          measure: '  of a slug with 300 MB, beside an empty one, median',
          value: large - small,
          peer: { name: 'empty', value: small },
          unit: 'ms',
          digits: 1,
        },
        MOST_ADDED_MS,
      ),
    ];
  } finally {
    await Promise.all([host.end(), alone.end()]);
  }
}

function largeBuildpack(bench) {
  const folder = bench.folder({});
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/detect'), '#!/bin/sh\necho Large\n');
  writeFileSync(join(folder, 'bin/compile'), COMPILE);
  for (const name of ['detect', 'compile']) chmodSync(join(folder, 'bin', name), 0o755);
  return `file://${folder}`;
}

/** How long a request to a sleeping app waits, ms. */
async function wake(host, name) {
  await host.sleep(name);
  const startedAt = performance.now();
  return (await firstByte(`http://127.0.0.1:${host.port}`, { Host: `${name}.localhost` })) - startedAt;
}

/** Both hosts at the same time, freshly started: one with apps that sleep, one with none. */
async function measureSleep(bench) {
  const [full, empty] = [bench.folder({}), bench.folder({})];
  const folder = bench.folder(FILES);
  const first = await BenchHost.start(bench, full);
  for (let index = 1; index <= ASLEEP; index += 1) {
    await first.create(`app-${index}`, 'none');
    await first.deploy(`app-${index}`, folder);
  }
  await first.end();
  const hosts = [await BenchHost.start(bench, full), await BenchHost.start(bench, empty)];
  try {
    await pause(SETTLE_MS);
    const own = hosts.map(({ pid }) => ownProcesses(pid));
    const before = own.map(cpuMs);
    await pause(WATCH_MS);
    const cpu = own.map((pids, index) => ((cpuMs(pids) - before[index]) / WATCH_MS) * 100);
    const memory = own.map((pids) => pids.reduce((sum, pid) => sum + pssMb(pid), 0));
    const row = (measure, value, without, unit, digits, below) =>
      limit({ measure, value, peer: { name: 'without apps', value: without }, unit, digits }, below);
    return [
      row(`host of ${ASLEEP} sleeping apps, CPU`, cpu[0], cpu[1], '% of a core', 3, 0.2),
      row('  memory (PSS) for each', (memory[0] - memory[1]) / ASLEEP, memory[1], 'MB', 2, 2),
    ];
  } finally {
    await Promise.all(hosts.map((host) => host.end()));
  }
}
