import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ADDRESSES, BASE, Machines, type MachinesData, NODES, PROXY, SCRIPTS } from './machines.js';
import { createProxy } from './proxy.js';

export interface OpenMachines {
  readonly data: MachinesData;
  /** Ends the machines. Nothing of them remains. */
  close(): Promise<void>;
}

/**
 * Starts two machines with a container engine each.
 * @throws Error with the reason if they cannot start here
 */
export async function openMachines(): Promise<OpenMachines> {
  const folder = mkdtempSync(join(tmpdir(), 'dynosim-engine-'));
  // In a session of its own, where a Ctrl-C does not reach it: it has to clean up.
  const keeper = spawn(join(SCRIPTS, 'keep.sh'), [folder], {
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const close = () => end(keeper);
  try {
    const data = { folder, first: await readNumber(keeper) };
    const machines = new Machines(data);
    await Promise.all(NODES.map((node) => machines.engineUp(node)));
    await formSwarm(machines);
    return { data, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes the base image, and gives the machines a way to the registries for as long as this process lives. */
export async function furnish(data: MachinesData): Promise<void> {
  const machines = new Machines(data);
  const proxy = join(data.folder, 'proxy.sock');
  createProxy().listen(proxy).unref();
  const { address, port } = PROXY;
  const relay = machines.startInNetwork(process.execPath, [
    join(SCRIPTS, 'relay.js'),
    address,
    String(port),
    proxy,
  ]);
  await once(relay.stdout ?? relay, 'data');
  const sockets = NODES.map((node) => join(data.folder, `${node}.sock`));
  await machines.asPart(join(SCRIPTS, 'base-image.sh'), [BASE, process.execPath, ...sockets], {
    TMPDIR: join(data.folder, 'disk', 'tmp'),
  });
}

async function readNumber(keeper: ChildProcess): Promise<number> {
  if (!keeper.stdout) throw new Error('no output');
  for await (const line of createInterface(keeper.stdout)) return Number(line);
  throw new Error('The machines have ended');
}

async function formSwarm(machines: Machines): Promise<void> {
  await machines.docker(['swarm', 'init', '--advertise-addr', ADDRESSES.node1]);
  const token = await machines.docker(['swarm', 'join-token', '--quiet', 'worker']);
  await machines.docker(['swarm', 'join', '--token', token, `${ADDRESSES.node1}:2377`], { node: 'node2' });
}

async function end(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null) return;
  keeper.stdin?.end();
  await once(keeper, 'close');
}
