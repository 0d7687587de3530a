import type { TestProject } from 'vitest/node';
import { leftovers } from './helpers/leftovers.js';
import type { MachinesData } from './helpers/machines.js';
import { furnish, openMachines } from './helpers/open.js';
import { whyNoEngine } from './helpers/requirements.js';

/** What tests get of this: the machines, or why there are none. */
export type Provided = MachinesData | { readonly missing: string };

declare module 'vitest' {
  interface ProvidedContext {
    readonly machines: Provided;
  }
}

/** Runs around the suite: starts the machines, and fails the suite if anything of them is left behind. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = whyNoEngine();
  if (missing !== undefined) return skip(project, missing);
  const opened = await openMachines().catch((error: Error) => error);
  if (opened instanceof Error) return skip(project, opened.message);
  const { data, close } = opened;
  console.log(`Two machines with a container engine each: ${data.folder}`);
  try {
    await furnish(data);
  } catch (error) {
    await close();
    return skip(project, (error as Error).message);
  }
  project.provide('machines', data);
  return async () => {
    await close();
    const left = leftovers(data.folder);
    if (left.length === 0) return;
    // Vitest reports errors from here, but does not fail.
    process.exitCode = 1;
    throw new Error(`The machines have left behind:\n${left.join('\n')}`);
  };
}

function skip(project: TestProject, why: string): undefined {
  const missing = why.replace(/\s+/g, ' ').trim();
  console.log(`Skips the tests on container engines: ${missing}`);
  project.provide('machines', { missing });
}
