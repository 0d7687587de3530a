import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { resolve } from 'node:path';

/**
 * Runs without bash what is nothing but a program and plain words, `node server.js`: bash would replace itself by
 * the program anyway, after a millisecond of a core for each dyno. The program must not be able to tell: it gets the
 * environment that `bash -c` would have given to it. In every doubt it is bash that runs the command, so that
 * "command not found" and the like are bash's own words.
 */

/** What takes the place of `bash -c`. */
export interface DirectRun {
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/** No quote, no variable, no pattern, no assignment: every word means itself. */
const PLAIN = /^[\w./@][\w./@%+:,-]*(?:[ \t]+[\w./@%+=:,-]+)*$/;

/** Bash's builtins and keywords, as `compgen -bk` lists them. */
const NO_PROGRAMS = new Set(
  `. : alias bg bind break builtin caller cd command compgen complete compopt continue declare dirs disown echo enable
  eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd
  read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias
  unset wait if then else elif fi case esac for select while until do done in function time coproc`.split(
    /\s+/,
  ),
);

/** Variables that bash obeys, or gives another value, when it starts. */
const BASHS_OWN =
  /^(?:BASH.*|SHELLOPTS|POSIXLY_CORRECT|IFS|PS[124]|PPID|LINENO|OPT(?:IND|ERR)|S?RANDOM|EPOCH.*|HISTCMD|COMP_WORDBREAKS)$/;

/**
 * How to run a command in a folder without bash.
 * @param env the whole environment, PATH included
 * @returns undefined: bash must run it
 */
export function directRun(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): DirectRun | undefined {
  const text = command.replace(/^[ \t]+|[ \t]+$/g, '');
  if (!PLAIN.test(text)) return undefined;
  const [program = '', ...args] = text.split(/[ \t]+/);
  if (NO_PROGRAMS.has(program) || Object.keys(env).some((name) => BASHS_OWN.test(name))) return undefined;
  try {
    const path = find(program, cwd, env.PATH ?? '');
    const own = path === undefined ? undefined : bashsOwn(cwd, env);
    if (path === undefined || own === undefined) return undefined;
    const { OLDPWD: _, ...others } = env;
    return { command: [program, ...args], env: { ...others, ...own, _: path } };
  } catch {
    // No access, most likely: bash has words for it.
    return undefined;
  }
}

/** The program's path in the words of bash: as it was typed, or as PATH has it. */
function find(program: string, cwd: string, path: string): string | undefined {
  if (program.includes('/')) return isProgram(resolve(cwd, program)) ? program : undefined;
  for (const folder of path.split(':')) {
    // Relative ones, `~` and empty ones, which mean the folder itself, are bash's business.
    if (!folder.startsWith('/')) return undefined;
    const file = folder.endsWith('/') ? `${folder}${program}` : `${folder}/${program}`;
    const mode = statSync(file, { throwIfNoEntry: false });
    if (mode?.isFile() && mode.mode & 0o111) return isProgram(file) ? file : undefined;
  }
  return undefined;
}

/** Whether the system itself can start it: bash runs as a script of its own what the system cannot. */
function isProgram(file: string): boolean {
  if (!statSync(file).isFile()) return false;
  accessSync(file, constants.X_OK);
  const head = headOf(file);
  if (head.startsWith('#!')) return isInterpreterThere(head);
  return head.startsWith('\x7fELF') && kindOf(head) === kindOf(headOf(process.execPath));
}

/** Whether the program that a `#!` line names is there: with a CR behind it, it is not. */
function isInterpreterThere(head: string): boolean {
  const [, interpreter] = /^#![ \t]*(\/[^ \t\n]*)[ \t\n]/.exec(head) ?? [];
  return interpreter !== undefined && existsSync(interpreter);
}

/** As much of a `#!` line as Linux reads. */
const HEAD_BYTES = 256;

/** The first bytes. */
function headOf(file: string): string {
  const fd = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(HEAD_BYTES);
    return bytes.toString('latin1', 0, readSync(fd, bytes));
  } finally {
    closeSync(fd);
  }
}

/** Of an ELF file: 32 or 64 bits, byte order, machine. */
function kindOf(head: string): string {
  return head.slice(4, 6) + head.slice(18, 20);
}

/** What `bash -c` makes of the variables about itself before a program takes its place. */
function bashsOwn(cwd: string, { PWD, OLDPWD, SHLVL = '0' }: Readonly<Record<string, string>>) {
  // Another name of the folder: bash keeps some of them.
  if (PWD !== undefined && PWD !== cwd && isSame(PWD, cwd)) return undefined;
  if (!/^\d{1,2}$/.test(SHLVL)) return undefined;
  const isKept = OLDPWD && statSync(resolve(cwd, OLDPWD), { throwIfNoEntry: false })?.isDirectory();
  return {
    PWD: PWD === cwd ? cwd : realpathSync.native(cwd),
    SHLVL: String(Number(SHLVL)),
    ...(isKept && { OLDPWD }),
  };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => statSync(path, { throwIfNoEntry: false }));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}
