import type { CommandLine } from '../../base/process.js';
import type { Step } from '../step.js';
import type { NodeFacts } from './facts.js';

/** How one package manager is used. */
export interface PackageManager {
  readonly name: 'npm' | 'yarn' | 'pnpm';
  /** Its settings for all of a build. */
  env(facts: NodeFacts): Readonly<Record<string, string>>;
  install(facts: NodeFacts): readonly Step[];
  /** Lines for dynos, beside those for every app. */
  profile?(facts: NodeFacts): string;
  /** Removes what only the build needs. */
  prune(facts: NodeFacts): readonly Step[];
  /** A script of package.json, and what the build calls it. */
  script(
    name: string,
    flags: string,
    facts: NodeFacts,
  ): { readonly label: string; readonly command: CommandLine };
}
