import type { Cancel, Clock } from '../base/clock.js';
import { REAL_TIMEOUTS } from '../base/limits.js';
import type { Listening, ProcessTree } from './contain/index.js';

/** A run whose process tree should soon listen on its port. */
export interface Boot {
  readonly tree: ProcessTree;
  readonly port: number;
  /** The boot timeout. */
  readonly timeoutMs: number;
}

export interface BootReport {
  listening(where: Listening): void;
  /** Called once if the run still listens only on other ports shortly before its boot timeout. */
  elsewhere(ports: readonly number[]): void;
}

/** When to look for other ports, as fractions of the boot timeout: a slow boot may open them long before its own. */
const FIRST_LOOK_ELSEWHERE = 3 / 4;
const NEXT_LOOK_ELSEWHERE = 1 / 20;

/**
 * Watches a boot until the run listens, or the result is called.
 * @param portsOf returns the ports on which a process's tree listens
 */
export function watchBoot(
  boot: Boot,
  clock: Clock,
  portsOf: (root: number) => readonly number[],
  report: BootReport,
): Cancel {
  const { tree, port } = boot;
  const timeoutMs = Math.min(boot.timeoutMs, REAL_TIMEOUTS.boot);
  let cancelLook: Cancel = () => {};
  const lookElsewhere = (share: number): void => {
    cancelLook = clock.after(share * timeoutMs, () => {
      const ports = portsOf(tree.root);
      if (ports.length === 0) lookElsewhere(NEXT_LOOK_ELSEWHERE);
      // Otherwise `listening` will be called in a moment.
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
