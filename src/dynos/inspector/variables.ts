import { join } from 'node:path';
import { withoutInspectFlags } from '../../base/node-options.js';
import { packageRoot } from '../../base/package-root.js';

/** How a dyno's inspector is opened. */
export interface InspectorSetup {
  /** The first of the dyno's ports for inspectors. */
  readonly port: number;
  /** Whether the app stops at its start until a debugger continues it. */
  readonly isBreaking: boolean;
}

/**
 * Adds to a dyno's environment what opens an inspector in its Node processes: `preload.cjs`, which decides in which of them.
 * Node's own `--inspect` would do so in the first one, which often is npm.
 */
export function addInspector(env: Record<string, string>, { port, isBreaking }: InspectorSetup): void {
  const preload = join(packageRoot(), 'src/dynos/inspector/preload.cjs');
  const own = ['--require', quoted(preload), '--inspect-publish-uid=http'];
  const others = withoutInspectFlags(env.NODE_OPTIONS ?? '');
  env.NODE_OPTIONS = [...(others === '' ? [] : [others]), ...own].join(' ');
  env.DYNOSIM_INSPECT = isBreaking ? `${port},break` : `${port}`;
}

/** https://nodejs.org/api/cli.html#node_optionsoptions */
function quoted(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}
