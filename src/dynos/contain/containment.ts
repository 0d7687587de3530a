import type { Readable, Writable } from 'node:stream';
import type { Cancel } from '../../base/clock.js';
import type { Exit, ProcessSpec } from '../../base/process.js';

/** The signals for a dyno's processes. SIGKILL is repeated until no process is left. */
export type TreeSignal = 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGINT';

/** All processes that descend from one command, in whatever way they were started. */
export interface ProcessTree {
  /** The first process: the app's own. */
  readonly pid: number;
  /** The ancestor of all processes: the first one, or a helper above it. */
  readonly root: number;
  /** stdout and stderr of all processes, merged in order. */
  readonly output: Readable;
  /** Writing after the process has closed its stdin is not an error. */
  readonly input: Writable;
  /** Resolves with the first process's exit status when the tree is gone. */
  readonly exited: Promise<Exit>;
  /** Sends a signal to every process in the tree. Does nothing if the tree is gone. */
  signal(signal: TreeSignal): void;
  /** Resizes the tree's terminal, if it has one. */
  resize(size: TerminalSize): void;
  /** Calls the listener when a process in the tree listens on a TCP port. The result ends the watch. */
  watchPort(port: number, onListening: (where: Listening) => void): Cancel;
}

/** Where a dyno listens. */
export interface Listening {
  /** An address to connect to. */
  readonly host: string;
  readonly port: number;
  /** Whether only this machine can connect: an R10 on Heroku. */
  readonly isLoopback: boolean;
}

/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TreeSpec extends ProcessSpec {
  /**
   * The words of the command that bash runs, if it is just a program and its arguments, perhaps after `exec`. A containment
   * may start the program without bash, in such a way that the program cannot tell.
   */
  readonly words?: readonly string[] | undefined;
  /** `web.1`, for process listings. */
  readonly name: string;
  /** Whether dynos may need it: if dynosim is killed, it ends after all trees that are no servers. */
  readonly isServer?: boolean;
  /**
   * A folder that is used for nothing else. The tree sees `cwd` as usual, but its changes there go to a folder of its own
   * in this one, which is removed when the tree has ended. Left out: changes go to `cwd` itself.
   */
  readonly overlay?: string;
  /** Makes stdin, stdout and stderr a terminal of this size. Otherwise, stdin is a pipe. */
  readonly terminal?: TerminalSize;
  /** From SIGTERM to SIGKILL if dynosim itself is killed; the guard waits at most 7 s. */
  readonly shutdownMs?: number;
}

/** A way to start process trees, and to end all their processes. */
export interface Containment {
  /** What it cannot guarantee, a sentence each; printed at the start. */
  readonly gaps: readonly string[];
  /**
   * Starts a tree. A program that cannot run exits with 126 or 127, as in a shell.
   * @throws UserError or the system's error as rejection, if there cannot even be a process
   */
  start(spec: TreeSpec): Promise<ProcessTree>;
  /** Ends all trees and all of dynosim's helper processes. */
  close(): Promise<void>;
}
