import { connect } from 'node:net';
import type { Cancel, Clock } from '../base/clock.js';
import { type Listener, listeners, processTree, socketsOf } from './proc.js';

/** A run that boots: something in its process tree should listen on its port. `root`: see `StartedTree`. */
export interface Booting {
  readonly root: number;
  readonly port: number;
}

/** Where a dyno was found to listen. */
export interface Listening {
  /** An address at which a connection reaches it. */
  readonly host: string;
  readonly port: number;
  /** Only from this machine: on Heroku nobody could reach it, which is an R10. */
  readonly loopbackOnly: boolean;
}

/** How to find out who listens where. */
export interface PortProbe {
  /** Where each of the runs listens on its port, in the same order. */
  find(runs: readonly Booting[]): Promise<readonly (Listening | undefined)[]>;
  /** All ports on which something in the run's tree listens. */
  portsOf(run: Booting): readonly number[];
}

export interface BootReport {
  listening(where: Listening): void;
  /** It has been listening for a while, but on other ports than its own. Told once. */
  elsewhere(ports: readonly number[]): void;
}

/** Shortest and longest pause between two looks in ms, and the share of the boot so far that a pause may take. */
const PAUSE = { min: 2, max: 8, share: 0.01 } as const;

/** An app that opens other ports first is not blamed before this. */
const ELSEWHERE_AFTER_MS = 1500;

interface Watched extends Booting {
  readonly since: number;
  readonly report: BootReport;
  blamed: boolean;
}

/**
 * Watches all booting runs of a host together. Looks often at first and then a little less so: a slow boot
 * costs hardly any CPU, and none is noticed later than 8 ms after the bind. Nobody boots: nothing is done.
 */
export class PortWatch {
  readonly #clock: Clock;
  readonly #probe: PortProbe;
  readonly #runs = new Set<Watched>();
  #looking = false;
  #cancelNext: Cancel = () => {};

  constructor(clock: Clock, probe: PortProbe) {
    this.#clock = clock;
    this.#probe = probe;
  }

  /** The result ends the watch, which also ends by itself when the run listens. */
  watch(run: Booting, report: BootReport): Cancel {
    const watched = { ...run, report, since: this.#clock.now(), blamed: false };
    this.#runs.add(watched);
    this.#cancelNext();
    if (!this.#looking) void this.#look();
    return () => {
      this.#runs.delete(watched);
      if (this.#runs.size === 0) this.#cancelNext();
    };
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const runs = [...this.#runs];
    const found = await this.#probe.find(runs);
    this.#looking = false;
    for (const [index, run] of runs.entries()) this.#tell(run, found[index]);
    if (this.#runs.size > 0) this.#cancelNext = this.#clock.after(this.#pause(), () => void this.#look());
  }

  #tell(run: Watched, where: Listening | undefined): void {
    if (!this.#runs.has(run)) return;
    if (where) {
      this.#runs.delete(run);
      run.report.listening(where);
    } else if (!run.blamed && this.#clock.now() - run.since >= ELSEWHERE_AFTER_MS) {
      const ports = this.#probe.portsOf(run);
      run.blamed = ports.length > 0;
      if (run.blamed) run.report.elsewhere(ports);
    }
  }

  #pause(): number {
    const youngest = Math.max(...[...this.#runs].map((run) => run.since));
    return Math.min(PAUSE.max, Math.max(PAUSE.min, (this.#clock.now() - youngest) * PAUSE.share));
  }
}

const EVERYWHERE = new Set(['0.0.0.0', '::']);
const LOOPBACK = /^127\.|^::1$/;

/** By what Linux tells in /proc: sees who listens, and connects to nobody. */
export const procProbe: PortProbe = {
  async find(runs) {
    const all = listeners();
    return runs.map((run) => {
      const candidates = all.filter(({ port }) => port === run.port);
      return candidates.length === 0 ? undefined : best(ownedBy(run, candidates));
    });
  },
  portsOf: (run) => [...new Set(ownedBy(run, listeners()).map(({ port }) => port))],
};

function ownedBy(run: Booting, candidates: readonly Listener[]): Listener[] {
  const sockets = socketsOf(processTree(run.root));
  return candidates.filter(({ inode }) => sockets.has(inode));
}

function best(found: readonly Listener[]): Listening | undefined {
  const chosen =
    found.find(({ address }) => EVERYWHERE.has(address)) ??
    found.find(({ address }) => !LOOPBACK.test(address)) ??
    found[0];
  if (!chosen) return undefined;
  return { host: reach(chosen.address), port: chosen.port, loopbackOnly: LOOPBACK.test(chosen.address) };
}

/** Where to connect for a socket bound to an address. */
function reach(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

/** Where the system does not tell: tries to connect. A stranger on the port would answer too. */
export const connectProbe: PortProbe = {
  find: (runs) => Promise.all(runs.map(({ port }) => tryHosts(port))),
  portsOf: () => [],
};

async function tryHosts(port: number): Promise<Listening | undefined> {
  for (const host of ['127.0.0.1', '::1']) {
    if (await accepts(host, port)) return { host, port, loopbackOnly: false };
  }
  return undefined;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', done(true)).once('error', done(false));
  });
}
