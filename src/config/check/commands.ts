/** What in a command does not do what its author wants, as far as that is certain before it runs. */

import { existsSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { nearest, printable, quote } from '../../base/wording.js';
import { openContinuation } from '../../procfile/compare/blocks.js';
import { readLine, type SourceLine } from '../../procfile/lines.js';
import { type Problem, ProblemList } from '../../procfile/problem.js';
import { namesIn } from '../suggestion.js';

/** What a dyno's bash says of a command without running it. */
export interface Bash {
  /** Why it cannot parse a command; undefined if it can. */
  readonly syntaxError: (command: string) => string | undefined;
  /** Whether a word is a program, or what bash itself has. */
  readonly isCommand: (word: string) => boolean;
}

/** Where the commands would run. */
export interface Place {
  /** The app's folder. */
  readonly dir: string;
  readonly bash: Bash;
  /** Whether the env files say where programs are. */
  readonly setsPath: boolean;
}

interface Finding {
  /** Where it is in the command, from 0. */
  readonly at: number;
  readonly message: string;
  readonly hint: string;
}

/** Bash takes milliseconds for each, and no app has as many process types. */
const MOST_COMMANDS = 100;

/**
 * Warnings about the commands of a Procfile.
 * @param lines one for each process type
 */
export function findCommandProblems(
  lines: Iterable<SourceLine>,
  file: string,
  place: Place,
): readonly Problem[] {
  const problems = new ProblemList(file);
  for (const line of [...lines].slice(0, MOST_COMMANDS)) {
    const reading = readLine(line.text);
    // A command that was meant to go on in the next line has its warning already.
    if (reading.does !== 'run' || openContinuation(line, reading)) continue;
    const { type, command } = reading;
    const column = line.text.indexOf(command, line.text.indexOf(':') + 1) + 1;
    for (const { at, message, hint } of check(type, command, place))
      problems.warn(line.number, column + at, message, hint);
  }
  return problems.list();
}

function check(type: string, command: string, place: Place): readonly Finding[] {
  const error = place.bash.syntaxError(command);
  if (error !== undefined) {
    const message = `Bash cannot read this command: ${printable(error)}.`;
    return [{ at: 0, message, hint: 'Mend it: as it is, nothing of it runs.' }];
  }
  return [
    ...checkBackground(command),
    ...(type === 'web' ? checkPort(command) : []),
    ...checkPresence(command, place),
  ];
}

/** Not where the `&` is escaped or may belong to a comment, nor where another command may go on before it. */
function checkBackground(command: string): readonly Finding[] {
  if (!/[^\\&]&$/.test(command) || /[#;]/.test(command)) return [];
  const message = 'Bash does not wait for a command that ends in `&`: the dyno is over at once.';
  return [{ at: command.length - 1, message, hint: 'Remove the `&`.' }];
}

/** A single command, so that no other one of the line can listen in its place: `PORT=3000 node server.js`. */
const FIXED_PORT = /^((?:env[ \t]+)?(?:[A-Za-z_]\w*=[\w./:,-]*[ \t]+)*?)(PORT=\d+)[ \t]+[^&|;]*$/;

/** Not where `$PORT` is handed over in another way. */
function checkPort(command: string): readonly Finding[] {
  const [, before = '', assignment] = FIXED_PORT.exec(command) ?? [];
  if (assignment === undefined || /\$\{?PORT/.test(command)) return [];
  const message = `${quote(assignment)} hides the port that the dyno is given, and only there do requests arrive.`;
  return [{ at: before.length, message, hint: 'Remove it, and let the app listen on $PORT.' }];
}

/** What the command begins with: `NODE_ENV=production node server.js`. No definition of a function. */
const FIRST_WORDS =
  /^((?:[A-Za-z_]\w*=[\w./:,@-]*[ \t]+)*)(\w[\w.+-]*)(?![^ \t])(?![ \t]*\()(?:([ \t]+)([\w.][\w./@+-]*)(?![^ \t]))?/;

/** A program and the files that it runs. */
const SCRIPTS = /^(?:node [^ ]+\.[cm]?js|python[\d.]* [^ ]+\.py)$/;

/** Whether program and script are there. Not where a profile script or a variable can make them be. */
function checkPresence(command: string, { dir, bash, setsPath }: Place): readonly Finding[] {
  const [, before = '', program, blanks = '', argument = ''] = FIRST_WORDS.exec(command) ?? [];
  if (program === undefined || setsPath || /\bPATH=/.test(before) || !isAppIn(dir)) return [];
  if (!bash.isCommand(program)) {
    const hint = 'Correct its name, or install it; on Heroku a buildpack may do that.';
    return [{ at: before.length, message: `There is no program ${quote(program)} here.`, hint }];
  }
  if (!SCRIPTS.test(`${program} ${argument}`)) return [];
  const at = before.length + program.length + blanks.length;
  return checkScript(argument, dir).map((finding) => ({ at, ...finding }));
}

/** Not where a build is likely to make it: `dist/server.js` without a `dist`, `server.js` beside a `server.ts`. */
function checkScript(path: string, dir: string): readonly Omit<Finding, 'at'>[] {
  const folder = dirname(path);
  const { base, ext, name } = parse(path);
  if (existsSync(join(dir, path)) || !existsSync(join(dir, folder))) return [];
  const others = namesIn(join(dir, folder));
  if (others.some((other) => parse(other).name === name && /\.[cm]?tsx?$/.test(other))) return [];
  const meant = nearest(
    base,
    others.filter((other) => other.endsWith(ext)),
  );
  const hint = meant ? `Did you mean ${quote(join(folder, meant))}?` : 'Correct its path, or build the app.';
  return [{ message: `There is no file ${quote(path)} here.`, hint }];
}

/** What Heroku knows an app by, or a source. */
const OF_AN_APP =
  /^(?:package\.json|requirements\.txt|Pipfile|pyproject\.toml|Gemfile|composer\.json|go\.mod|pom\.xml|build\.gradle)$|\.(?:[cm]?js|py|rb|php)$/;

/** Where a Procfile lies on its own, nothing that it names is there; and profile scripts may change everything. */
function isAppIn(dir: string): boolean {
  const names = namesIn(dir);
  return (
    names.some((name) => OF_AN_APP.test(name)) && !names.some((name) => /^\.profile(?:\.d)?$/.test(name))
  );
}
