/** Which programs the commands of an app start, as far as the commands show it. */

import type { ProcessLine } from '../../../procfile/parse.js';
import { commandsOf } from '../words.js';

/** A program that a command starts. */
export interface NeededProgram {
  /** `gunicorn`, or a path: `bin/server`. Empty if the command does not show it. */
  readonly name: string;
  /** Up to the first that bash would change. */
  readonly args: readonly string[];
  /** What starts it: `web`, or `npm start`. */
  readonly by: string;
  /** Whether Bundler starts it: it is a gem's. */
  readonly isGem: boolean;
}

type Scripts = Readonly<Record<string, string | undefined>>;

/** A program that starts another one: how many of its arguments come before that. */
type Wrapper = (args: readonly string[]) => number;

const isAssignment = (word: string): boolean => /^[A-Za-z_]\w*=/.test(word);
const behindAssignments: Wrapper = (args) => args.findIndex((word) => !isAssignment(word));
const behind =
  (word: string): Wrapper =>
  (args) =>
    args.indexOf(word) === -1 ? -1 : args.indexOf(word) + 1;
const atOnce: Wrapper = ([first]) => (first === undefined || first.startsWith('-') ? -1 : 0);

const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: behindAssignments,
  'cross-env': behindAssignments,
  'cross-env-shell': behindAssignments,
  dotenv: behind('--'),
  'newrelic-admin': behind('run-program'),
  'ddtrace-run': atOnce,
  'opentelemetry-instrument': atOnce,
  bundle: behind('exec'),
  poetry: behind('run'),
  pipenv: behind('run'),
  python: behind('-m'),
  python3: behind('-m'),
};

/** Deeper than scripts call each other. */
const MOST_CALLS = 5;

/**
 * The programs that an app's process types start, those of package.json's scripts included.
 * @param scripts of package.json
 */
export function neededPrograms(
  processes: readonly Pick<ProcessLine, 'type' | 'command'>[],
  scripts: Scripts,
): readonly NeededProgram[] {
  return processes.flatMap(({ type, command }) => programsOf(command, type, scripts, MOST_CALLS));
}

function programsOf(line: string, by: string, scripts: Scripts, calls: number): readonly NeededProgram[] {
  const programs: NeededProgram[] = [];
  const commands = commandsOf(line);
  for (const command of commands) {
    const words = [command.program, ...command.args].map(({ text }) => text);
    programs.push(...unwrap(words, by, false));
    const script = calls > 0 ? scriptOf(words, scripts) : undefined;
    for (const inner of script?.lines ?? [])
      programs.push(...programsOf(inner, script?.label ?? by, scripts, calls - 1));
    // The others run in another folder.
    if (/^(?:cd|pushd|source|\.)$/.test(command.program.text)) break;
  }
  return commands.length === 0 ? [{ name: '', args: [], by, isGem: false }] : programs;
}

/** A program and, if it starts another one, that one. */
function unwrap(words: readonly string[], by: string, isGem: boolean): readonly NeededProgram[] {
  const [name, ...args] = words;
  if (name === undefined) return [];
  const own = { name, args, by, isGem };
  const start = WRAPPERS[name]?.(args) ?? -1;
  return start === -1 ? [own] : [own, ...unwrap(args.slice(start), by, name === 'bundle')];
}

/** The lines that npm, yarn or pnpm run for `npm start`, `npm run x` or `yarn x`. */
function scriptOf(
  [program = '', ...args]: readonly string[],
  scripts: Scripts,
): { readonly label: string; readonly lines: readonly string[] } | undefined {
  if (!['npm', 'yarn', 'pnpm'].includes(program)) return undefined;
  const [first = '', second = ''] = args;
  const isRun = first === 'run' || first === 'run-script';
  const name = isRun ? second : first;
  if (program === 'npm' && !isRun && name !== 'start') return undefined;
  const line = scripts[name] ?? (name === 'start' ? 'node server.js' : undefined);
  if (line === undefined) return undefined;
  const all = [scripts[`pre${name}`], line, scripts[`post${name}`]];
  return {
    label: [program, ...(isRun ? [first] : []), name].join(' '),
    lines: all.filter((one) => one !== undefined),
  };
}

/** A file that Node runs. */
export interface NodeEntry {
  /** Relative to the app's folder. */
  readonly file: string;
  /** What `--require` and `--import` load before. */
  readonly preloads: readonly string[];
  /** What starts it. */
  readonly by: string;
}

/** The files that Node runs, as the commands name them. */
export function nodeEntries(programs: readonly NeededProgram[]): readonly NodeEntry[] {
  return programs.filter(({ name }) => name === 'node').flatMap(({ args, by }) => entryOf(args, by));
}

const PRELOAD = /^(?:-r|--(?:require|import|loader|experimental-loader))(?:=(.*))?$/;

function entryOf(args: readonly string[], by: string): readonly NodeEntry[] {
  const preloads: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] ?? '';
    const preload = PRELOAD.exec(word);
    if (preload) preloads.push(preload[1] ?? args[++index] ?? '');
    else if (!word.startsWith('-'))
      return word.startsWith('/') ? [] : [{ file: withEnding(word), preloads, by }];
  }
  return [];
}

/** `node server` and `node .` run server.js and index.js. */
function withEnding(file: string): string {
  if (/\.[cm]?[jt]s$/.test(file)) return file;
  return /(?:^|\/)\.?\/?$/.test(file) ? `${file}/index.js` : `${file}.js`;
}
