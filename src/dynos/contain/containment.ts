import type { Readable, Writable } from 'node:stream';
import type { Cancel } from '../../base/clock.js';
import type { Exit, ProcessSpec } from '../../base/process.js';

/** The signals a dyno's processes are sent. SIGKILL goes on until nothing is left. */
export type TreeSignal = 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGINT';

/** All processes that descend from one command, however they were started. */
export interface ProcessTree {
  /**
   * Resolves once the first process runs, never if it cannot. Never rejects: what cannot be started exits with 126 or
   * 127, as in a shell.
   */
  readonly started: Promise<StartedTree>;
  /** Resolves with the first process's exit status once the tree is gone. */
  readonly exited: Promise<Exit>;
  /** Sends a signal to every process of the tree. Does nothing once the tree is gone. */
  signal(signal: TreeSignal): void;
  /** Changes the size of the tree's terminal, if it has one. */
  resize(size: TerminalSize): void;
  /** Calls the listener once something in the tree listens on a TCP port. The result ends the watch. */
  watchPort(port: number, onListening: (where: Listening) => void): Cancel;
}

/** Where a dyno was found to listen. */
export interface Listening {
  /** An address at which a connection reaches it. */
  readonly host: string;
  readonly port: number;
  /** Only from this machine: on Heroku nobody could reach it, which is an R10. */
  readonly isLoopback: boolean;
}

export interface StartedTree {
  /** The first process: the app's own. */
  readonly pid: number;
  /** The process all others descend from: the first one, or a helper above it. */
  readonly root: number;
  /** stdout and stderr of all processes, merged in order. */
  readonly output: Readable;
  /** stdin. Writing to a process that has closed it is no error. */
  readonly input: Writable;
}

/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TreeSpec extends ProcessSpec {
  /** `web.1`, for process listings. */
  readonly name: string;
  /** stdin, stdout and stderr are a terminal of this size. Without one, stdin is a pipe. */
  readonly terminal?: TerminalSize;
  /** From SIGTERM to SIGKILL if dynosim itself is killed, ms; the guard waits 7 s at most. */
  readonly shutdownMs?: number;
}

/** A way to start process trees and to end them whole. */
export interface Containment {
  /** The promises that this way cannot keep, a sentence each, for the first lines. */
  readonly gaps: readonly string[];
  start(spec: TreeSpec): ProcessTree;
  /** Ends whatever still runs and every helper of dynosim's own. */
  close(): Promise<void>;
}
