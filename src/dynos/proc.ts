import { closeSync, openSync, readlinkSync, readSync } from 'node:fs';
import { endianness } from 'node:os';
import { namesIn, readOrEmpty } from '../base/read.js';
import type { Listening } from './contain/containment.js';
import { bestAddress, formatAddress } from './contain/listening.js';
import { doorsIn } from './debugger-doors.js';
import type { Activity } from './run-plan.js';

/** Reads facts about processes and listening sockets from Linux's /proc. They may change at any moment. */

const read = (file: string): string => readOrEmpty(file, 'latin1');

interface ListeningSocket {
  /** In hexadecimal, as the kernel writes it. */
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

/** The ports on which a process's tree listens, without those for debuggers. Takes milliseconds, so call it rarely. */
export function portsOfTree(root: number): readonly number[] {
  const tree = processTree(root);
  const sockets = socketsOf(tree);
  const ports = new Set(listeners().flatMap(({ port, inode }) => (sockets.has(inode) ? [port] : [])));
  const doors = new Set(ports.size === 0 ? [] : tree.flatMap((pid) => doorsIn(wordsOf(pid))));
  return [...ports].filter((port) => !doors.has(port));
}

/** The ports on which anything listens. */
export function listeningPorts(): readonly number[] {
  return listeners().map(({ port }) => port);
}

/** A process's arguments and environment, each word ended by NUL. */
export function wordsOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`) + read(`/proc/${pid}/environ`);
}

/** The process that traces a process; 0 if none does. */
export function tracerOf(pid: number | 'self'): number {
  return Number(/^TracerPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** A process and all its descendants; only the process itself where there is no /proc. */
export function processTree(root: number): number[] {
  const found = [root];
  for (const pid of found) found.push(...childrenOf(pid));
  return found;
}

function childrenOf(pid: number): number[] {
  const children: number[] = [];
  for (const thread of namesIn(`/proc/${pid}/task`)) {
    for (const child of read(`/proc/${pid}/task/${thread}/children`).split(' ')) {
      if (child !== '') children.push(Number(child));
    }
  }
  return children;
}

/** The inodes of all sockets that these processes have open. */
export function socketsOf(pids: readonly number[]): Set<string> {
  const inodes = new Set<string>();
  for (const pid of pids) {
    for (const fd of namesIn(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  }
  return inodes;
}

/** Files that a process's tree has open for writing: absolute paths. */
export function filesWrittenByTree(root: number): readonly string[] {
  return processTree(root).flatMap((pid) =>
    namesIn(`/proc/${pid}/fd`)
      .filter((fd) => isWritable(read(`/proc/${pid}/fdinfo/${fd}`)))
      .map((fd) => link(`/proc/${pid}/fd/${fd}`))
      .filter((path) => path.startsWith('/')),
  );
}

/** Whether this process belongs to the terminal's foreground: Ctrl-C there reaches all such processes at once. */
export function isInForeground(): boolean {
  const stat = read('/proc/self/stat');
  // After the name: the state, the parent, the process group, the session, the terminal, its foreground group.
  const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return group !== undefined && group === foreground;
}

/** Whether a program of this name (`git`) has a folder as its current one. */
export function isAtWorkIn(folder: string, name: string): boolean {
  return namesIn('/proc').some(
    (pid) => read(`/proc/${pid}/comm`).trim() === name && link(`/proc/${pid}/cwd`) === folder,
  );
}

/** Checks the open mode, the last two bits of the octal flags: 1 is write-only, 2 is read-write. */
function isWritable(fdinfo: string): boolean {
  return /^flags:\s+\d*[1256]$/m.test(fdinfo);
}

/** Whether a TCP connection to this port has data that its process has not read, or is not accepted yet. */
export function hasUnread(port: number): boolean {
  const local = port.toString(16).toUpperCase().padStart(4, '0');
  // In rows of listening sockets, this field counts connections.
  const row = new RegExp(`:${local} [0-9A-F]+:[0-9A-F]{4} (?!${LISTEN})[0-9A-F]{2} [0-9A-F]{8}:(?!0{8})`);
  return ['/proc/net/tcp', '/proc/net/tcp6'].some((file) => row.test(read(file)));
}

/** The inodes of sockets with a connection from or to one of these TCP ports, or to a path like this. */
export function connectedSockets(ports: ReadonlySet<number>, path: RegExp): readonly string[] {
  const tcp = ports.size === 0 ? [] : ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(rowsOf);
  const byPort = tcp.filter(
    ([, local = '', remote = '', state]) =>
      state === ESTABLISHED && [local, remote].some((end) => ports.has(portOf(end))),
  );
  const byPath = rowsOf('/proc/net/unix').filter(
    ([, , , , , state, , name]) => state === CONNECTED && name !== undefined && path.test(name),
  );
  return [...byPort.map((row) => row[9] ?? ''), ...byPath.map((row) => row[6] ?? '')];
}

/** The words of each line but the first. */
function rowsOf(file: string): readonly (readonly string[])[] {
  const [, ...rows] = read(file).split('\n');
  return rows.map((row) => row.trim().split(/\s+/));
}

/** 5006 of `0100007F:138E`. */
function portOf(end: string): number {
  return Number.parseInt(end.slice(end.indexOf(':') + 1), 16);
}

/** In `/proc/PID/stat` CPU time is in hundredths of a second. */
const TICK_MS = 10;

/** What the threads of a process's tree do. */
export function activityOf(root: number): Activity {
  const stats = processTree(root).flatMap((pid) =>
    namesIn(`/proc/${pid}/task`).map((thread) => {
      const stat = read(`/proc/${pid}/task/${thread}/stat`);
      // The name in front, in parentheses, may have anything in it.
      return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    }),
  );
  const runnable = stats.filter(([state]) => state === 'R').length;
  return {
    isBusy: runnable > 0 || stats.some(([state]) => state === 'D'),
    runnable,
    cpuMs: stats.reduce((sum, stat) => sum + (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) * TICK_MS, 0),
  };
}

/** Whether a process listens on a port of ::1, or of all IPv6 addresses. */
export function isTakenByIPv6(port: number): boolean {
  return listenersIn('/proc/net/tcp6').some(
    (one) => one.port === port && IPV6_LOOPBACKS.includes(one.address),
  );
}

/** :: and ::1 in the kernel's notation. */
const IPV6_LOOPBACKS: readonly string[] = ['0'.repeat(32), `${'0'.repeat(24)}01000000`];

/** Where a program listens on a port; undefined if none does, or the system does not tell. */
export function listenerOn(port: number): Listening | undefined {
  const found = listeners().filter((one) => one.port === port);
  return bestAddress(
    found.map(({ address }) => formatAddress(networkOrder(address))),
    port,
  );
}

/** The bytes of an address, which the kernel writes as words of four bytes in the machine's byte order. */
function networkOrder(address: string): Uint8Array {
  const bytes = Buffer.from(address, 'hex');
  return endianness() === 'LE' ? bytes.swap32() : bytes;
}

/** All listening TCP sockets of all processes. */
function listeners(): ListeningSocket[] {
  return [...listenersIn('/proc/net/tcp'), ...listenersIn('/proc/net/tcp6')];
}

const ESTABLISHED = '01';
const LISTEN = '0A';
/** Of a socket in the file system. */
const CONNECTED = '03';
const CHUNK = 16_384;

/**
 * Reads only the first rows, because the kernel lists listening sockets first, and produces the file while it is read.
 */
function listenersIn(file: string): ListeningSocket[] {
  const found: ListeningSocket[] = [];
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return found;
  }
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    let rest = '';
    let isTitle = true;
    for (let length = readSync(fd, buffer); length > 0; length = readSync(fd, buffer)) {
      const rows = (rest + buffer.toString('latin1', 0, length)).split('\n');
      rest = rows.pop() ?? '';
      for (const row of rows) {
        if (!isTitle) {
          const listener = parseRow(row);
          if (!listener) return found;
          found.push(listener);
        }
        isTitle = false;
      }
    }
    return found;
  } finally {
    closeSync(fd);
  }
}

/** Parses `  0: 0100007F:138E 00000000:0000 0A … inode …`; undefined unless the socket listens. */
function parseRow(row: string): ListeningSocket | undefined {
  const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
  if (state !== LISTEN) return undefined;
  const [address = ''] = local.split(':');
  return { address, port: portOf(local), inode };
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

/** The other process that listens on a port, if this user may see it: `node server.js (pid 123)`. */
export function holderOf(port: number): string | undefined {
  const inodes = new Set(listeners().flatMap((listener) => (listener.port === port ? [listener.inode] : [])));
  if (inodes.size === 0) return undefined;
  for (const pid of namesIn('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid))) {
    if (![...socketsOf([Number(pid)])].some((inode) => inodes.has(inode))) continue;
    const commandLine = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
    // The program's folder says little and can be long.
    const command = commandLine.replace(/^\S*\//, '');
    return `${command.length > 60 ? `${command.slice(0, 60)}…` : command} (pid ${pid})`;
  }
  return undefined;
}
