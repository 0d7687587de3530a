/** Writes changed config vars into the env files of an app. */

import { Buffer } from 'node:buffer';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Draft } from '../base/atomic-file.js';
import { type Clock, pause } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { foldersUpwards } from '../base/folders.js';
import { editEnv } from './env-edit.js';
import { type EnvFile, type EnvFiles, MAX_ENV_FILE_BYTES, parseEnv } from './env-file.js';
import { EnvTarget } from './env-target.js';
import type { VarChanges } from './layers.js';

/** A change to an app's env files. */
export interface EnvWrite {
  /** As `readEnvFiles` found them; they are read again. */
  readonly files: EnvFiles['files'];
  readonly changes: VarChanges;
  /** Asked about files in a repository only. */
  readonly git: {
    readonly isIgnored: (path: string) => Promise<boolean>;
    readonly isTracked: (path: string) => Promise<boolean>;
  };
  /** Real time, to wait for an editor. */
  readonly clock: Clock;
}

/** How often to start again after another program has written: an editor saves once, so more would be a loop. */
const ATTEMPTS = 20;

/** The longest time between an editor emptying a file and writing to it. */
const EDITOR_MS = 20;

/**
 * Writes changed config vars into the env files of an app, with the smallest change to each.
 *
 * A key is set in the last file that has it, else in the last file, which is made (for its owner alone to read) if it
 * is not there. A key is removed from every file that has it, else the value of an earlier file would come back.
 *
 * A file is replaced in one step and keeps its rights and owner; a link stays, its target is replaced. If another
 * program has written to one of the files since they were read, the change is made anew to the new text. All files
 * are read, checked and prepared before the first is replaced, so that an error leaves all of them as they are.
 * @returns warnings, one line each
 * @throws UserError those of `editEnv`; `ENV_FILE_UNREADABLE`, `ENV_FILE_NOT_TEXT`, `ENV_FILE_NOT_WRITABLE`,
 * `ENV_FILE_TOO_BIG`, `ENV_FILE_BUSY`
 */
export async function writeEnvChanges(write: EnvWrite): Promise<readonly string[]> {
  const { files, changes, clock } = write;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    let sources = readSources(files);
    if (sources.some(({ target, text }) => target.isThere && text === '')) {
      await pause(clock, EDITOR_MS);
      sources = readSources(files);
    }
    const { edits, warnings } = plan(sources, changes);
    if (await replaceAll(edits)) return [...warnings, ...(await warnOfGit(edits, write))];
  }
  const names = files.map(({ name }) => name).join(', ');
  throw new UserError('ENV_FILE_BUSY', `Something keeps writing to ${names}`, 'Stop it, and try again.');
}

interface Source {
  readonly target: EnvTarget;
  readonly text: string;
  readonly values: EnvFile['values'];
}

interface Edit {
  readonly target: EnvTarget;
  readonly text: string;
}

function readSources(files: readonly EnvFile[]): readonly Source[] {
  const sources = files.map(({ name, path, values }): Source => {
    const target = new EnvTarget(name, path);
    const { text } = target;
    // A pipe (`-e <(command)`) can be read only once.
    return text === undefined
      ? { target, text: '', values }
      : { target, text, values: parseEnv(text).values };
  });
  // If two names lead to one file, the later counts, as its values do.
  return sources.filter(
    ({ target }, index) => sources.findLastIndex((other) => other.target.path === target.path) === index,
  );
}

/** Plans the edits. Nothing is written yet. */
function plan(
  sources: readonly Source[],
  changes: VarChanges,
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
  for (const [{ target, text }, own] of changesOf) {
    const edit = editEnv(text, own, target.name);
    warnings.push(...edit.warnings);
    if (own.size > 0) target.checkReplaceable();
    if (edit.text !== (target.text ?? '')) edits.push({ target, text: checkSize(edit.text, target.name) });
  }
  return { edits, warnings };
}

/** Refuses a text that would be too large to read again. */
function checkSize(text: string, name: string): string {
  if (Buffer.byteLength(text) <= MAX_ENV_FILE_BYTES) return text;
  const message = `${name} would be larger than ${MAX_ENV_FILE_BYTES / 1024 / 1024} MB`;
  throw new UserError('ENV_FILE_TOO_BIG', message, 'Keep large values in files of their own.');
}

/**
 * Replaces all files, or none if another program has written to one of them.
 * @returns whether they were replaced
 */
async function replaceAll(edits: readonly Edit[]): Promise<boolean> {
  const drafts = new Map<EnvTarget, Draft>();
  try {
    for (const { target, text } of edits) drafts.set(target, await target.prepare(text));
    // From here on nothing waits, so that little can come between.
    const isAsRead = edits.every(({ target }) => target.isAsRead());
    if (isAsRead) for (const [target, draft] of drafts) target.replace(draft);
    return isAsRead;
  } finally {
    for (const draft of drafts.values()) draft.discard();
  }
}

async function warnOfGit(edits: readonly Edit[], { changes, git }: EnvWrite): Promise<readonly string[]> {
  const isSet = [...changes.values()].some((value) => value !== null);
  const warnings: string[] = [];
  for (const { target } of edits) {
    const { name, path, isThere } = target;
    if (!isSet || !isInRepository(dirname(path))) continue;
    if (!isThere && !(await git.isIgnored(path)))
      warnings.push(
        `${name} is new and git does not ignore it. Add it to .gitignore, or its values get committed.`,
      );
    if (isThere && (await git.isTracked(path)))
      warnings.push(`git tracks ${name}: its values get committed. To stop that: git rm --cached ${name}`);
  }
  return warnings;
}

/** `.git` is a folder, or a file in worktrees and submodules. */
function isInRepository(folder: string): boolean {
  return foldersUpwards(folder).some((above) => existsSync(join(above, '.git')));
}
