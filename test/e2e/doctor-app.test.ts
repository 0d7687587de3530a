import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES, run } from '../helpers/dynosim.js';

const TWINS = join(EXAMPLES, 'doctor');

/** Each app with a fault: what is asked, and what is found. */
const FAULTS: Readonly<Record<string, { readonly args: string; readonly finds: string }>> = {
  boot: { args: '--only boot,port,interface,config --boot-timeout 2s', finds: 'boot fail' },
  'boot-slow': { args: '--only boot --boot-timeout 5s', finds: 'boot warn' },
  port: { args: '--only boot,port,interface,config --boot-timeout 3s', finds: 'port fail' },
  interface: { args: '--only boot,port,interface,config', finds: 'interface fail' },
  config: { args: '--only boot,port,interface,config', finds: 'config fail' },
};

/** How many are examined at the same time. */
const AT_ONCE = 3;

interface Found {
  readonly checks: readonly { readonly id: string; readonly verdict: string; readonly seen: string }[];
}

async function examine(dir: string, args: readonly string[], env = {}): Promise<Found> {
  const { stdout, stderr } = await run(['doctor', '--dir', dir, '--json', ...args], { env });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Found;
}

/** What is not as it should be: `boot fail`. */
function faultsIn({ checks }: Found): string {
  const faults = checks.filter(({ verdict }) => verdict === 'warn' || verdict === 'fail');
  return faults.map(({ id, verdict }) => `${id} ${verdict}`).join(', ');
}

test('each fault is found by the question that names it, and by no other', { timeout: 120_000 }, async () => {
  const left = Object.entries(FAULTS);
  const found: Record<string, string> = {};
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, { args }] = next;
      found[name] = faultsIn(await examine(join(TWINS, name), args.split(' ')));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(found).toEqual(Object.fromEntries(Object.entries(FAULTS).map(([name, { finds }]) => [name, finds])));
});
