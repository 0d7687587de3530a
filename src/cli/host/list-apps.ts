import { findHosts, findRunning, type HostAddress } from '../../api/client/discovery.js';
import { RemoteHost } from '../../api/client/remote-host.js';
import type { AppControl } from '../../api/control.js';
import { openState } from '../connect.js';

/** An app as `dynosim apps` lists it. */
export interface ListedApp {
  readonly name: string;
  /** `blank`: no code yet. `down`: no web dyno is wanted. */
  readonly state: 'blank' | 'maintenance' | 'up' | 'starting' | 'asleep' | 'crashed' | 'down';
  readonly url: string;
  /** The version that runs. */
  readonly release: number;
  /** Bytes; null for an app that runs from its own folder. */
  readonly slugSize: number | null;
  readonly dir: string;
  /** Who runs it. */
  readonly pid: number;
}

/** All apps of all hosts, and all that run by `start`, by their names. */
export async function listApps(): Promise<readonly ListedApp[]> {
  const { state, token } = openState();
  const [hosts, running] = await Promise.all([findHosts(state, token), findRunning(state, token)]);
  const lists = await Promise.all([...hosts, ...running].map((address) => listOf(address, token)));
  return lists.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function listOf(address: HostAddress, token: string): Promise<readonly ListedApp[]> {
  const host = new RemoteHost(address, token);
  const { apps } = await host.info();
  return Promise.all(apps.map((name) => list(host.appNamed(name), address.pid)));
}

async function list(app: AppControl, pid: number): Promise<ListedApp> {
  const [info, dynos, releases] = await Promise.all([app.info(), app.dynos(), app.releases()]);
  const { name, url, dir, isBlank, isInMaintenance, slugBytes = null } = info;
  const states = dynos.filter(({ type }) => type === 'web').map(({ state }) => state);
  const state = (['up', 'starting', 'crashed'] as const).find((one) => states.includes(one));
  return {
    name,
    state: isBlank
      ? 'blank'
      : isInMaintenance
        ? 'maintenance'
        : (state ?? (states.includes('idle') ? 'asleep' : 'down')),
    url,
    release: releases.find(({ isCurrent }) => isCurrent)?.version ?? 0,
    slugSize: slugBytes,
    dir,
    pid,
  };
}
