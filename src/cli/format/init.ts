import { printable } from '../../base/wording.js';
import type { EnvName } from '../../config/init/env-names.js';
import type { InitialFiles } from '../../config/init/initial-files.js';

/** Says which files `init` has written, and why. */
export function formatInit({ proposal, env }: InitialFiles, isDry: boolean): readonly string[] {
  const wrote = isDry ? 'Would write' : 'Wrote';
  return [
    `${wrote} Procfile:`,
    ...proposal.processes.flatMap(({ type, command, why }) => [
      `  ${type}: ${command}`,
      `    because ${why}`,
    ]),
    ...formatEnv(env, wrote),
    ...proposal.remarks,
    ...(isDry ? [] : ['Look at it, then: dynosim check, dynosim start']),
  ];
}

function formatEnv(env: InitialFiles['env'], wrote: string): readonly string[] {
  if (env.at === 'none') return [];
  if (env.at === 'new')
    return [
      `${wrote} .env, with what the code reads. Give the values that you need:`,
      ...formatNames(env.names),
      ...(env.isExposed ? ['git would take these values: add .env to .gitignore.'] : []),
    ];
  if (env.names.length === 0) return ['Left .env as it is.'];
  return ['Left .env as it is. The code also reads:', ...formatNames(env.names)];
}

function formatNames(names: readonly EnvName[]): readonly string[] {
  const width = Math.max(...names.map(({ name }) => name.length));
  return names.map(
    ({ name, file, line }) => `  # ${`${name}=`.padEnd(width + 1)}  ${printable(file)}:${line}`,
  );
}
