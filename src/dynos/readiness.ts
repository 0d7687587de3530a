import type { Cancel, Clock } from '../base/clock.js';
import { REAL_TIMEOUTS } from '../base/limits.js';
import type { Listening, ProcessTree } from './contain/index.js';

/** A run that boots: something in its process tree should listen on its port. */
export interface Boot {
  readonly tree: ProcessTree;
  /** See `StartedTree`. */
  readonly root: number;
  readonly port: number;
  /** The boot timeout, ms. */
  readonly timeoutMs: number;
}

export interface BootReport {
  listening(where: Listening): void;
  /** Its boot timeout is near, and it listens on other ports than its own. Called once. */
  elsewhere(ports: readonly number[]): void;
}

/** A slow boot may open other ports long before its own: shares of the boot timeout. */
const FIRST_LOOK_ELSEWHERE = 3 / 4;
const NEXT_LOOK_ELSEWHERE = 1 / 20;

/**
 * Watches a boot until the run listens, or the result is called.
 * @param portsOf the ports on which something of a process's tree listens
 */
export function watchBoot(
  boot: Boot,
  clock: Clock,
  portsOf: (root: number) => readonly number[],
  report: BootReport,
): Cancel {
  const { tree, root, port } = boot;
  const timeoutMs = Math.min(boot.timeoutMs, REAL_TIMEOUTS.boot);
  let cancelLook: Cancel = () => {};
  const lookElsewhere = (share: number): void => {
    cancelLook = clock.after(share * timeoutMs, () => {
      const ports = portsOf(root);
      if (ports.length === 0) lookElsewhere(NEXT_LOOK_ELSEWHERE);
      // Otherwise the report that it listens is on its way.
      else if (!ports.includes(port)) report.elsewhere(ports);
    });
  };
  lookElsewhere(FIRST_LOOK_ELSEWHERE);
  const unwatch = tree.watchPort(port, (where) => {
    cancelLook();
    report.listening(where);
  });
  return () => {
    cancelLook();
    unwatch();
  };
}
