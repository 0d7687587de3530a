import type { Inspectors } from '../../apps/plan.js';
import { inspectFlagsOf } from '../../base/node-options.js';
import { enumerate } from '../../base/wording.js';
import { languagesOf } from '../../config/languages.js';
import type { NewApp } from '../../host/host.js';

/** `NODE_OPTIONS=--inspect dynosim start` means `--inspect`: on the one port that it names, dynos would collide. */
export function shellInspectors(env: NodeJS.ProcessEnv): Inspectors | undefined {
  const flags = inspectFlagsOf(env);
  return flags && { types: 'all', breaking: flags.isBreaking ? 'all' : [], firstPort: flags.port };
}

const NODE = /(?:^|[\s/;&|])(?:node|npm|npx|yarn|pnpm|corepack)(?=\s|$)/;

/** Says for which process types inspectors were asked in vain, in a sentence. */
export function inspectorRemarks(
  { types: chosen }: Inspectors,
  { slug, formation }: Pick<NewApp, 'slug' | 'formation'>,
): readonly string[] {
  if (languagesOf(slug.dir).has('node')) return [];
  const types = chosen === 'all' ? [...formation.keys()] : chosen;
  const others = types.filter((type) => !NODE.test(slug.processes.get(type)?.command ?? ''));
  if (others.length === 0) return [];
  return [`--inspect is for Node.js, and does nothing for ${enumerate(others)}: see docs/debugging.md`];
}
