import { constants as os } from 'node:os';
import { unreachable } from '../../base/errors.js';
import type { TerminalSize, TreeSignal, TreeSpec } from './containment.js';

/** The protocol between dynosim and the guard. PROTOCOL.md describes it; a test compares the two. */

/** From dynosim to the guard. */
export type GuardCommand =
  | { readonly command: 'spawn'; readonly id: string; readonly spec: TreeSpec }
  | { readonly command: 'opened' | 'unwatch'; readonly id: string }
  | { readonly command: 'resize'; readonly id: string; readonly size: TerminalSize }
  | { readonly command: 'signal'; readonly id: string; readonly signal: TreeSignal }
  | { readonly command: 'watch'; readonly id: string; readonly port: number };

/** From the guard and its inits to dynosim. */
export type GuardEvent =
  | { readonly event: 'ready'; readonly probe: number }
  | { readonly event: 'failed'; readonly reason: string }
  | TreeEvent;

/** About one tree. */
export type TreeEvent = { readonly id: string } & (
  | { readonly event: 'pipes'; readonly output: number; readonly input: number }
  | { readonly event: 'spawned'; readonly init: number; readonly pid: number }
  | { readonly event: 'listening'; readonly addresses: readonly Uint8Array[] }
  | { readonly event: 'blind' }
  | { readonly event: 'exited'; readonly status: number }
);

/**
 * After SIGKILL, no process outlives dynosim by more than 8 s. That leaves a second for the kernel and a busy machine.
 */
export const MAX_GRACE_MS = 7000;

/** Servers get SIGTERM 6 s after the end of dynosim at the latest. */
const MAX_SERVER_GRACE_MS = 1500;

/** Encodes a command: a length, then fields separated by NUL. */
export function encodeCommand(command: GuardCommand): Buffer {
  const fields = [command.command, command.id, ...argumentsOf(command)];
  const message = Buffer.from(`\0\0\0\0${fields.map(upToNul).join('\0')}`);
  message.writeUInt32BE(message.length - 4);
  return message;
}

/** Cuts arguments and variables at a NUL, as the system does. */
function upToNul(field: string): string {
  const end = field.indexOf('\0');
  return end === -1 ? field : field.slice(0, end);
}

function argumentsOf(command: GuardCommand): readonly string[] {
  switch (command.command) {
    case 'spawn':
      return spawnArguments(command.spec);
    case 'resize':
      return [String(command.size.columns), String(command.size.rows)];
    case 'signal':
      return [String(os.signals[command.signal])];
    case 'watch':
      return [String(command.port)];
    case 'opened':
    case 'unwatch':
      return [];
    default:
      return unreachable(command);
  }
}

function spawnArguments({
  name,
  isServer = false,
  cwd,
  overlay = '',
  terminal,
  shutdownMs = MAX_GRACE_MS,
  command,
  words = [],
  env,
}: TreeSpec) {
  const grace = String(Math.min(shutdownMs, isServer ? MAX_SERVER_GRACE_MS : MAX_GRACE_MS));
  const stdin = terminal ? `${terminal.columns}x${terminal.rows}` : 'pipe';
  return [
    name,
    isServer ? 'server' : 'dyno',
    cwd,
    overlay,
    stdin,
    grace,
    String(command.length),
    ...command,
    String(words.length),
    ...words,
    ...Object.entries(env).flat(),
  ];
}

type EventName = GuardEvent['event'];

const PARSERS: {
  readonly [Name in EventName]: (fields: readonly string[]) => Extract<GuardEvent, { event: Name }>;
} = {
  ready: ([probe]) => ({ event: 'ready', probe: Number(probe) }),
  failed: (words) => ({ event: 'failed', reason: words.join(' ') }),
  pipes: ([id = '', output, input]) => ({
    event: 'pipes',
    id,
    output: Number(output),
    input: Number(input),
  }),
  spawned: ([id = '', init, pid]) => ({ event: 'spawned', id, init: Number(init), pid: Number(pid) }),
  listening: ([id = '', ...addresses]) => ({
    event: 'listening',
    id,
    addresses: addresses.map((address) => Buffer.from(address, 'hex')),
  }),
  blind: ([id = '']) => ({ event: 'blind', id }),
  exited: ([id = '', status]) => ({ event: 'exited', id, status: Number(status) }),
};

/** @throws Error for a line that is not part of the protocol */
export function parseEvent(line: string): GuardEvent {
  const [name = '', ...fields] = line.split(' ');
  if (!isEventName(name)) throw new Error(`The guard reports ${JSON.stringify(line)}, which is not an event`);
  return PARSERS[name](fields);
}

function isEventName(name: string): name is EventName {
  return Object.hasOwn(PARSERS, name);
}
