/** The variables that Heroku's buildpacks set by the app's language. */

import { DYNO_SIZES, type DynoSizeName } from '../base/sizes.js';
import { type Language, languagesOf } from './languages.js';

interface LanguageVar {
  readonly language: Language;
  readonly name: string;
  /** @returns undefined if a dyno of that size is not given any */
  readonly value: (size: (typeof DYNO_SIZES)[DynoSizeName]) => string | undefined;
}

/**
 * Only variables that help an app to serve requests as on Heroku, not those that change the app for the developer, such
 * as `NODE_ENV=production`. Of two rows with the same name, the later one counts.
 */
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
];

/** Workers, as the buildpacks count them: at least 1; 1 if there would be too many. */
function concurrency(fitting: number, most = Number.POSITIVE_INFINITY): number {
  const whole = Math.floor(fitting);
  return whole > most ? 1 : Math.max(1, whole);
}

/** The variables for a dyno of an app, by the languages that its files tell. Whatever the user sets counts more. */
export function languageVars(dir: string, size: DynoSizeName): readonly (readonly [string, string])[] {
  const languages = languagesOf(dir);
  return LANGUAGE_VARS.flatMap(({ language, name, value }) => {
    const text = languages.has(language) ? value(DYNO_SIZES[size]) : undefined;
    return text === undefined ? [] : [[name, text] as const];
  });
}
