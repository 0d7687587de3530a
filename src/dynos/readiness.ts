import type { Cancel, Clock } from '../base/clock.js';
import type { Listening, ProcessTree } from './contain/index.js';

/** A run that boots: something in its process tree should listen on its port. */
export interface Boot {
  readonly tree: ProcessTree;
  /** See `StartedTree`. */
  readonly root: number;
  readonly port: number;
}

export interface BootReport {
  listening(where: Listening): void;
  /** It has been listening for a while, but on other ports than its own. Told once. */
  elsewhere(ports: readonly number[]): void;
}

/** An app that opens other ports first is not blamed before this; then it is looked at less and less often. */
const FIRST_LOOK_ELSEWHERE_MS = 1500;

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
  let cancelLook: Cancel = () => {};
  const lookElsewhere = (afterMs: number): void => {
    cancelLook = clock.after(afterMs, () => {
      const ports = portsOf(root);
      if (ports.length > 0) report.elsewhere(ports);
      else lookElsewhere(2 * afterMs);
    });
  };
  lookElsewhere(FIRST_LOOK_ELSEWHERE_MS);
  const unwatch = tree.watchPort(port, (where) => {
    cancelLook();
    report.listening(where);
  });
  return () => {
    cancelLook();
    unwatch();
  };
}
