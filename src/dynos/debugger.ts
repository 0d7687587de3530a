import { doorsIn, waitsAtDoor } from './debugger-doors.js';
import { connectedSockets, listeningPorts, processTree, socketsOf, tracerOf, wordsOf } from './proc.js';

/**
 * Finds out whether a debugger is attached to a process tree, by what Linux's /proc tells and without asking any process.
 * Debuggers come in two ways: they trace a process (gdb, delve, strace), or connect to a port that the program's own
 * runtime has opened for them, as its command line or environment says.
 */

/** `awaited`: a process stops at its start until a debugger attaches. */
export type DebuggerState = 'none' | 'awaited' | 'attached';

/** Node opens this port when it gets SIGUSR1. */
const NODE_PORT = 9229;

/** Ruby's debugger opens such a socket in the file system if it is given no port. */
const RUBY_SOCKET = /\/(?:ruby-debug|rdbg)-[^/]*\d$/;

/** Looks at a process and all its descendants. Takes milliseconds, so call it rarely. */
export function debuggerOf(root: number): DebuggerState {
  const tree = processTree(root);
  if (tree.some(isTraced)) return 'attached';
  const words = tree.map(wordsOf);
  const ports = new Set(words.flatMap(doorsIn));
  if (words.some((text) => /^[^\0]*node\0/.test(text)) && listeningPorts().includes(NODE_PORT))
    ports.add(NODE_PORT);
  if (isConnected(tree, ports)) return 'attached';
  const isAwaited = words.some(waitsAtDoor);
  return isAwaited ? 'awaited' : 'none';
}

/** A tracer of dynosim itself, such as the one that is a whole container for PRoot, is no debugger of a dyno. */
function isTraced(pid: number): boolean {
  const tracer = tracerOf(pid);
  return tracer !== 0 && tracer !== tracerOf('self');
}

function isConnected(tree: readonly number[], ports: ReadonlySet<number>): boolean {
  const connected = connectedSockets(ports, RUBY_SOCKET);
  if (connected.length === 0) return false;
  const own = socketsOf(tree);
  return connected.some((inode) => own.has(inode));
}
