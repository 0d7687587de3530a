import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';
import { command } from './helpers/command.js';
import { describeOnMachines } from './helpers/describe.js';
import { leftovers } from './helpers/leftovers.js';

describeOnMachines('nothing remains of machines', () => {
  test.each(['SIGINT', 'SIGKILL'] as const)('whose suite ends by %s', async (signal) => {
    const before = await network();
    const suite = await startSuite();
    expect(leftovers(suite.path)).not.toEqual([]);
    suite.end(signal);
    await vi.waitFor(() => expect(leftovers(suite.path)).toEqual([]), { timeout: 60_000, interval: 200 });
    expect(await network()).toEqual(before);
  });
});

/** This suite, in a process group of its own, up to where its machines are up and the base image is in the making. */
async function startSuite() {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'engine', 'test/engine/basics.test.ts'];
  const suite = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(suite, 'close');
  const end = (signal: NodeJS.Signals) => process.kill(-Number(suite.pid), signal);
  onTestFinished(async () => {
    if (suite.exitCode === null && suite.signalCode === null) end('SIGKILL');
    await ended;
  });
  for await (const line of createInterface(suite.stdout)) {
    const [, path] = /^Two machines .*: (\S+)$/.exec(line) ?? [];
    if (path !== undefined) return { path, end };
  }
  throw new Error('The suite has started no machines');
}

/** Network interfaces, named network namespaces, and the rules of the firewall, as this machine has them. */
async function network() {
  const rules = await command('iptables-save', []);
  return {
    interfaces: readdirSync('/sys/class/net'),
    namespaces: await command('ip', ['netns', 'list']),
    rules: rules.replace(/^#.*$|\[\d+:\d+\]/gm, ''),
  };
}
