import { onTestFinished } from 'vitest';
import { BASE, type Machines, SCRIPTS } from './machines.js';

interface LoadResult {
  readonly sent: number;
  readonly lost: number;
  /** How many requests were lost for each reason. */
  readonly errors: Readonly<Record<string, number>>;
}

export interface Load {
  /** Stops it, and counts. */
  stop(): Promise<LoadResult>;
}

/** Sends requests to a service of a stack, from a container on the first machine and in the stack's network. */
export async function startLoad(machines: Machines, stack: string): Promise<Load> {
  const script = ['--volume', `${SCRIPTS}:/load:ro`, BASE, 'node', '/load/load.js', 'http://web:8080/'];
  const run = ['run', '--detach', '--init', '--network', `${stack}_default`, ...script];
  const id = await machines.docker(run);
  const remove = () => machines.docker(['rm', '--force', id]);
  onTestFinished(async () => void (await remove()));
  return {
    async stop() {
      await machines.docker(['stop', id]);
      const lines = await machines.docker(['logs', id]);
      return JSON.parse(lines.split('\n').at(-1) ?? '');
    },
  };
}
