/** Finds commands that serve the result of a build. */

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { namesIn } from '../../base/read.js';
import { quote } from '../../base/wording.js';
import { textOf } from '../folder.js';
import { type CommandProblem, problemAt, type SurveyedPlace } from './place.js';
import type { PlainCommand } from './words.js';

interface BuildRule {
  /** The program and its first argument. */
  readonly command: readonly [program: string, argument: string];
  readonly makes: string;
  readonly by: string;
  /** A setting in one of the app's files that changes the folder of the build. */
  readonly unless?: { readonly file: RegExp; readonly says: RegExp };
}

const BUILDS: readonly BuildRule[] = [
  {
    command: ['next', 'start'],
    makes: '.next/BUILD_ID',
    by: 'next build',
    unless: { file: /^next\.config\./, says: /distDir/ },
  },
  {
    command: ['vite', 'preview'],
    makes: 'dist',
    by: 'vite build',
    unless: { file: /^vite\.config\./, says: /outDir|root/ },
  },
  {
    command: ['gatsby', 'serve'],
    makes: 'public',
    by: 'gatsby build',
  },
];

/** Warns of a command whose build is missing, unless the build may be elsewhere. */
export function findUnbuilt(
  { program, args }: PlainCommand,
  { dir, packageJson }: SurveyedPlace,
): CommandProblem | undefined {
  const words = [basename(program.text), ...args.map(({ text }) => text)];
  const [name, argument, next = '-'] = words[0] === 'npx' ? words.slice(1) : words;
  const build = BUILDS.find(({ command }) => command[0] === name && command[1] === argument);
  // A word that is not a flag may name another folder.
  if (!build || !next.startsWith('-') || existsSync(join(dir, build.makes))) return undefined;
  if (isMadeElsewhere(build, dir)) return undefined;
  const message = `${quote(build.command.join(' '))} serves what ${quote(build.by)} makes, but there is no ${quote(build.makes)} here.`;
  const isScript = packageJson?.scripts.build !== undefined;
  return problemAt(program, message, `Run: ${isScript ? 'npm run build' : `npx ${build.by}`}`, 'machine');
}

function isMadeElsewhere({ unless }: BuildRule, dir: string): boolean {
  if (unless === undefined) return false;
  const settings = namesIn(dir).filter((name) => unless.file.test(name));
  return settings.some((name) => unless.says.test(textOf(join(dir, name))));
}

/** The argument of a server that runs a Django project: `gunicorn mysite.wsgi`. */
const PROJECT = /^(\w+)\.[aw]sgi(?::|$)/;

/** As in Django's template and Heroku's guide. Both are relative to the app's folder. */
const STATIC_ROOT =
  /^STATIC_ROOT\s*=\s*(?:BASE_DIR\s*\/\s*|os\.path\.join\(\s*BASE_DIR\s*,\s*)["']([\w.-]+)["']/m;

/** Warns of a Django project whose static files, which WhiteNoise serves, have not been collected. */
export function findUncollected(
  { program, args }: PlainCommand,
  { dir, vars }: SurveyedPlace,
): CommandProblem | undefined {
  if (vars.has('DISABLE_COLLECTSTATIC')) return undefined;
  const project = args.map(({ text }) => PROJECT.exec(text)?.[1]).find((name) => name !== undefined);
  if (project === undefined || !existsSync(join(dir, 'manage.py'))) return undefined;
  const settings = textOf(join(dir, project, 'settings.py'));
  const [, folder] = STATIC_ROOT.exec(settings) ?? [];
  // With DEBUG on, Django serves them from their sources.
  if (folder === undefined || !/whitenoise/i.test(settings) || /^DEBUG\s*=\s*True\b/m.test(settings))
    return undefined;
  if (existsSync(join(dir, folder))) return undefined;
  const message = `WhiteNoise serves the static files in ${quote(folder)}, but there is no such folder here.`;
  return problemAt(program, message, 'Run: python manage.py collectstatic', 'machine');
}
