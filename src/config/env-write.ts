/** Writes changed config vars into the env files of an app. */

import { Buffer } from 'node:buffer';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Clock, pause } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { type EnvChanges, editEnv } from './env-edit.js';
import { type EnvFile, type EnvFiles, parseEnv } from './env-file.js';
import { HeldFile } from './held-file.js';

/** What to write where. */
export interface EnvWrite {
  /** As `readEnvFiles` found them; they are read again. */
  readonly files: EnvFiles['files'];
  readonly changes: EnvChanges;
  /** Whether git leaves a file out, as `git check-ignore` says. Asked only about a new file in a repository. */
  readonly isIgnoredByGit: (path: string) => Promise<boolean>;
  /** Real time: an editor is waited for. */
  readonly clock: Clock;
}

/** How often to start again because somebody wrote meanwhile: an editor saves once, this bounds a runaway loop. */
const ATTEMPTS = 50;

/** Between attempts; and what an editor that has emptied a file takes at most until it writes to it. */
const PAUSE_MS = 20;

/** How often to look at a file that an editor has emptied. */
const LOOKS = 10;

/** What env-file.ts reads. */
const MAX_BYTES = 1024 * 1024;

/**
 * Writes changed config vars into the env files of an app, with the smallest change to each.
 *
 * A key is set in the last file that has it, else in the last file, which is made (for its owner alone to read) if it
 * is not there. A key is removed from every file that has it, else the value of an earlier file would come back.
 *
 * A file is replaced in one step and keeps its rights and owner; a link stays, its target is replaced. What somebody
 * else writes at the same time is not lost: the change is made anew to what they wrote. All files are read, checked
 * and prepared before the first is replaced, so that an error leaves all of them as they are.
 * @returns warnings, one line each
 * @throws UserError those of `editEnv`; `ENV_FILE_UNREADABLE`, `ENV_FILE_NOT_TEXT`, `ENV_FILE_NOT_WRITABLE`,
 * `ENV_FILE_TOO_BIG`, `ENV_FILE_BUSY`
 */
export async function writeEnvChanges(write: EnvWrite): Promise<readonly string[]> {
  const { files, changes, isIgnoredByGit, clock } = write;
  // Of all attempts: to the last, what an earlier one has made is there already.
  const warnings = new Set<string>();
  const made = new Map<string, HeldFile>();
  let late: readonly Late[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(clock, PAUSE_MS);
    const held: HeldFile[] = [];
    try {
      for (const { name, path } of files) held.push(new HeldFile(name, path));
      // Editors empty a file before they write to it.
      if (attempt === 0 && held.some(({ isThere, text }) => isThere && text === '')) continue;
      const { edits, warnings: own } = plan(toSources(files, held, late), changes);
      for (const warning of own) warnings.add(warning);
      if (!(await replaceAll(edits))) continue;
      for (const { file } of edits) if (!file.isThere) made.set(file.path, file);
      late = await findLate(edits, clock);
      if (late.length > 0) continue;
      return [...warnings, ...(await warnOfGit([...made.values()], isIgnoredByGit))];
    } finally {
      await Promise.all(held.map((file) => file.close()));
    }
  }
  const names = files.map(({ name }) => name).join(', ');
  throw new UserError('ENV_FILE_BUSY', `Something keeps writing to ${names}`, 'Stop it, and try again.');
}

/** An env file to be changed. */
interface Source {
  readonly file: HeldFile;
  readonly text: string;
  readonly values: EnvFile['values'];
}

/** What an env file is to be replaced with. */
interface Edit {
  readonly file: HeldFile;
  readonly text: string;
}

/** What somebody wrote into a file while it was being replaced. */
interface Late {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** What it was replaced with. */
  readonly ours: string;
}

function toSources(files: readonly EnvFile[], held: readonly HeldFile[], late: readonly Late[]): Source[] {
  const sources = held.map((file, index): Source => {
    // What is no file (`-e <(command)`) can be read only once.
    if (file.text === undefined) return { file, text: '', values: files[index]?.values ?? {} };
    const text = withLate(
      file.text,
      late.find(({ path }) => path === file.path),
    );
    return { file, text, values: parseEnv(text).values };
  });
  // Of two names for one file the later counts, as its values do.
  return sources.filter(
    ({ file }, index) => sources.findLastIndex((other) => other.file.path === file.path) === index,
  );
}

/** The text on the disk, with what was written into the file that it replaced. */
function withLate(text: string, late: Late | undefined): string {
  if (!late) return text;
  if (text === late.ours) return late.after;
  // Somebody wrote again since. Lines that were added can be added here too; what else it was, cannot be told.
  return late.after.startsWith(late.before) ? text + late.after.slice(late.before.length) : text;
}

/** What becomes of the files. Nothing is written yet. */
function plan(
  sources: readonly Source[],
  changes: EnvChanges,
): { readonly edits: readonly Edit[]; readonly warnings: readonly string[] } {
  const changesOf = new Map(sources.map((source) => [source, new Map<string, string | null>()]));
  for (const [key, value] of changes) {
    const having = sources.filter(({ values }) => Object.hasOwn(values, key));
    for (const source of value === null ? having : (having.length > 0 ? having : sources).slice(-1)) {
      const isSame = Object.hasOwn(source.values, key) && source.values[key] === value;
      if (!isSame) changesOf.get(source)?.set(key, value);
    }
  }
  const edits: Edit[] = [];
  const warnings: string[] = [];
  for (const [{ file, text }, own] of changesOf) {
    const edit = editEnv(text, own, file.name);
    warnings.push(...edit.warnings);
    if (own.size > 0) file.checkReplaceable();
    if (edit.text !== (file.text ?? '')) edits.push({ file, text: checkSize(edit.text, file.name) });
  }
  return { edits, warnings };
}

/** What is written must be read again. */
function checkSize(text: string, name: string): string {
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  const message = `${name} would be larger than ${MAX_BYTES / 1024 / 1024} MB`;
  throw new UserError('ENV_FILE_TOO_BIG', message, 'Keep what is that large in a file of its own.');
}

/**
 * Replaces all files, or none because somebody has written to one of them.
 * @returns whether they were replaced
 */
async function replaceAll(edits: readonly Edit[]): Promise<boolean> {
  for (const { file, text } of edits) await file.prepare(text);
  // From here on nothing waits, so that little can come between.
  const isAsRead = edits.every(({ file }) => file.isAsRead());
  if (isAsRead) for (const { file } of edits) file.replace();
  return isAsRead;
}

/** Looks until no file is empty, which is but an editor's first step. */
async function findLate(edits: readonly Edit[], clock: Clock): Promise<readonly Late[]> {
  let late: readonly Late[] = [];
  for (let look = 0; look < LOOKS && edits.length > 0; look++) {
    await pause(clock, PAUSE_MS);
    late = edits.flatMap(({ file, text }) => {
      const after = file.findLateText();
      return after === undefined ? [] : [{ path: file.path, before: file.text ?? '', after, ours: text }];
    });
    if (late.every(({ after }) => after !== '')) return late;
  }
  return late.filter(({ after }) => after !== '');
}

async function warnOfGit(
  made: readonly HeldFile[],
  isIgnoredByGit: EnvWrite['isIgnoredByGit'],
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { name, path } of made) {
    if (!isInRepository(dirname(path)) || (await isIgnoredByGit(path))) continue;
    warnings.push(
      `${name} is new and git does not ignore it. Add it to .gitignore, or its values get committed.`,
    );
  }
  return warnings;
}

/** `.git` is a folder, or a file in worktrees and submodules. */
function isInRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true;
  const above = dirname(folder);
  return above !== folder && isInRepository(above);
}
