import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** The longest time that the guard takes after a SIGKILL of dynosim. */
const GONE_WITHIN_MS = 10_000;

/** Runs around the whole suite: the suite fails if a dyno of any of its tests outlives it. */
export default function setup(): () => Promise<void> {
  const mark = `DYNOSIM_TEST_RUN=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  process.env[name] = value;
  return async () => {
    const deadline = Date.now() + GONE_WITHIN_MS;
    while (dynosWith(mark).length > 0 && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const left = dynosWith(mark);
    if (left.length === 0) return;
    // Vitest reports errors from here, but does not fail.
    process.exitCode = 1;
    throw new Error(`Tests have left dynos running:\n${left.join('\n')}`);
  };
}

/** Living dynos that have inherited this variable: pid and command line. */
function dynosWith(mark: string): string[] {
  return pids().flatMap((pid) => {
    const variables = read(`/proc/${pid}/environ`).split('\0');
    const isOurs = variables.includes(mark) && variables.some((one) => one.startsWith('DYNO='));
    return isOurs ? [`${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`] : [];
  });
}

function pids(): string[] {
  return process.platform === 'linux' ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
