/** The variables that Heroku's buildpacks set by the app's language. */

import { DYNO_SIZES, type DynoSizeName } from '../base/sizes.js';
import type { Language } from './languages.js';

/**
 * How much of what Heroku's buildpacks set: `safe` is what helps an app to serve requests as on Heroku; `full` also what
 * changes the app for its developer, such as `NODE_ENV=production`.
 */
export const BUILDPACK_ENVS = ['safe', 'full', 'none'] as const;
export type BuildpackEnv = (typeof BUILDPACK_ENVS)[number];

interface LanguageVar {
  readonly language: Language;
  /** Only for `full`. */
  readonly isFull?: true;
  readonly name: string;
  /** @returns undefined if a dyno of that size is not given any */
  readonly value: (size: (typeof DYNO_SIZES)[DynoSizeName]) => string | undefined;
}

/** Of two rows with the same name, the later one counts. */
const LANGUAGE_VARS: readonly LanguageVar[] = [
  {
    // https://devcenter.heroku.com/articles/node-concurrency
    language: 'node',
    name: 'WEB_CONCURRENCY',
    value: ({ memoryMb }) => String(concurrency(memoryMb / (memoryMb > 16_384 ? 2048 : 512), 200)),
  },
  {
    // https://devcenter.heroku.com/articles/python-concurrency
    language: 'python',
    name: 'WEB_CONCURRENCY',
    value: ({ memoryMb, cpus }) => String(concurrency(Math.min(memoryMb / 256, 2 * cpus + 1))),
  },
  // gunicorn and uvicorn trust X-Forwarded-Proto only from these addresses; without it, they redirect to https
  // endlessly.
  { language: 'python', name: 'FORWARDED_ALLOW_IPS', value: () => '*' },
  { language: 'python', name: 'GUNICORN_CMD_ARGS', value: () => '--access-logfile -' },
  // https://devcenter.heroku.com/articles/ruby-support
  { language: 'ruby', name: 'RAILS_LOG_TO_STDOUT', value: () => 'enabled' },
  {
    // https://devcenter.heroku.com/articles/java-memory-issues
    language: 'java',
    name: 'JAVA_TOOL_OPTIONS',
    value: ({ memoryMb }) =>
      memoryMb > 512 ? undefined : '-Xmx300m -Xss512k -XX:CICompilerCount=2 -Dfile.encoding=UTF-8',
  },
  // https://devcenter.heroku.com/articles/nodejs-support#runtime-behavior
  { language: 'node', name: 'NODE_ENV', isFull: true, value: () => 'production' },
  // https://devcenter.heroku.com/articles/ruby-support
  { language: 'ruby', name: 'RACK_ENV', isFull: true, value: () => 'production' },
  { language: 'ruby', name: 'RAILS_ENV', isFull: true, value: () => 'production' },
  { language: 'ruby', name: 'RAILS_SERVE_STATIC_FILES', isFull: true, value: () => 'enabled' },
  { language: 'ruby', name: 'MALLOC_ARENA_MAX', isFull: true, value: () => '2' },
];

/** Workers, as the buildpacks count them: at least 1; 1 if there would be too many. */
function concurrency(fitting: number, most = Number.POSITIVE_INFINITY): number {
  const whole = Math.floor(fitting);
  return whole > most ? 1 : Math.max(1, whole);
}

/** The variables for a dyno of an app in these languages. Whatever the user sets counts more. */
export function languageVars(
  languages: ReadonlySet<Language>,
  size: DynoSizeName,
  buildpackEnv: BuildpackEnv,
): readonly (readonly [string, string])[] {
  if (buildpackEnv === 'none') return [];
  return LANGUAGE_VARS.flatMap(({ language, name, value, isFull = false }) => {
    const isSet = languages.has(language) && (!isFull || buildpackEnv === 'full');
    const text = isSet ? value(DYNO_SIZES[size]) : undefined;
    return text === undefined ? [] : [[name, text] as const];
  });
}
