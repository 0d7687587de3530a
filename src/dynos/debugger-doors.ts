import { PORTS_OF_A_DYNO } from './inspector/ports.js';

/** Finds the ports that the runtimes of many languages open for debuggers, in a process's arguments and variables. */

interface Door {
  /** Finds the port, if it is given, in the words of a process: its arguments and variables, each ended by NUL. */
  readonly pattern: RegExp;
  /** The port if none is given. */
  readonly usual?: number;
  /** How many ports there are from that one on. Default: 1. */
  readonly span?: number;
  /** Finds that the process waits for a debugger. */
  readonly waits?: RegExp;
}

/** How each runtime is given the port on which it and a debugger talk to each other. */
const DOORS: readonly Door[] = [
  { pattern: /\0DYNOSIM_INSPECT=(\d+)/g, span: PORTS_OF_A_DYNO, waits: /\0DYNOSIM_INSPECT=\d+,break/ },
  // https://nodejs.org/en/learn/getting-started/debugging
  {
    pattern: /(?:^|[\0 =])--inspect(?:-brk|-wait|-port)?(?:=(?:[^\0 ]*:)?(\d+))?(?=[\0 ]|$)/g,
    usual: 9229,
    waits: /(?:^|[\0 =])--inspect-(?:brk|wait)(?=[=\0 ]|$)/,
  },
  // The helper that connects VS Code with a process that it attaches to by itself: vscode-js-debug, watchdogSpawn.ts
  { pattern: /\0NODE_INSPECTOR_INFO=[^\0]*"inspectorURL":"ws:\/\/[^"/]*:(\d+)/g },
  // https://github.com/microsoft/debugpy: its adapter talks to the editor.
  {
    pattern: /(?:^|\0)[^\0]*debugpy(?:\/[^\0]*)?\0(?:[^\0]*\0)*?--(?:port|connect)\0(?:[^\0]*:)?(\d+)/g,
    waits: /(?:^|\0)[^\0]*debugpy(?:\/[^\0]*)?\0(?:[^\0]*\0)*?--wait-for-client\0/,
  },
  // https://docs.oracle.com/en/java/javase/21/docs/specs/jpda/conninv.html
  { pattern: /jdwp=[^\0 ]*address=(?:[^\0 ,]*:)?(\d+)/g, waits: /jdwp=(?![^\0 ]*suspend=n)/ },
  // https://github.com/ruby/debug
  {
    pattern: /\0RUBY_DEBUG_PORT=(\d+)/g,
    waits: /^(?!.*\0RUBY_DEBUG_NONSTOP=1).*\0RUBYOPT=[^\0]*\/debug\/open/s,
  },
];

/** The ports for debuggers of a process with these words. */
export function doorsIn(words: string): readonly number[] {
  return DOORS.flatMap(({ pattern, usual, span = 1 }) =>
    [...words.matchAll(pattern)].flatMap(([, given]) => {
      const first = given === undefined ? usual : Number(given);
      return first === undefined ? [] : Array.from({ length: span }, (_, index) => first + index);
    }),
  );
}

/** Whether a process with these words stops at its start until a debugger attaches. */
export function waitsAtDoor(words: string): boolean {
  return DOORS.some(({ waits }) => waits?.test(words));
}
