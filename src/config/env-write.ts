/** Writes changes of config vars to an app's env files. */

import { Buffer } from 'node:buffer';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Draft } from '../base/atomic-file.js';
import { type Clock, pause } from '../base/clock.js';
import { UserError } from '../base/errors.js';
import { foldersUpwards } from '../base/folders.js';
import { type EnvEdit, editEnv } from './env-edit.js';
import { type EnvFile, MAX_ENV_FILE_BYTES } from './env-file.js';
import { EnvTarget } from './env-target.js';
import type { VarChanges } from './layers.js';

/** A change to an app's env files. */
export interface EnvWrite {
  /** From `readEnvFiles`; they are read again. */
  readonly files: readonly EnvFile[];
  readonly changes: VarChanges;
  /** Called only for files in a repository. */
  readonly git: {
    readonly isIgnored: (path: string) => Promise<boolean>;
    readonly isTracked: (path: string) => Promise<boolean>;
  };
  /** Real time, to wait for an editor. */
  readonly clock: Clock;
}

/** How often to start over after another program has written to a file. An editor saves once; more would be a loop. */
const ATTEMPTS = 20;

/** The longest time between an editor emptying a file and writing to it. */
const EDITOR_MS = 20;

/**
 * Writes changes of config vars to an app's env files, with minimal changes to the text.
 *
 * A key is set in the last file that has it, else in the last file, which is created if necessary, readable only by its
 * owner. A key is removed from every file that has it, because otherwise an earlier file's value would reappear.
 *
 * A file is replaced in one step and keeps its permissions and owner; of a link, the target is replaced. If another
 * program has written to a file since it was read, the change is applied again to the new text. All files are read,
 * checked and prepared before the first one is replaced, so that an error changes none of them.
 * @returns warnings, one line each
 * @throws UserError as `editEnv`; `ENV_FILE_UNREADABLE`, `ENV_FILE_NOT_TEXT`, `ENV_FILE_NOT_WRITABLE`,
 * `ENV_FILE_TOO_BIG`, `ENV_FILE_BUSY`
 */
export async function writeEnvChanges(write: EnvWrite): Promise<readonly string[]> {
  const { files, changes, clock } = write;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    let targets = readTargets(files);
    if (targets.some(({ isThere, text }) => isThere && text === '')) {
      await pause(clock, EDITOR_MS);
      targets = readTargets(files);
    }
    const edits = plan(targets, changes);
    if (!(await replaceAll(edits))) continue;
    return [...edits.flatMap(({ warnings }) => warnings), ...(await warnOfGit(edits, write))];
  }
  const names = files.map(({ name }) => name).join(', ');
  throw new UserError('ENV_FILE_BUSY', `Something keeps writing to ${names}`, 'Stop it, and try again.');
}

function readTargets(files: readonly EnvFile[]): readonly EnvTarget[] {
  const targets = files.map((file) => new EnvTarget(file));
  // If two names lead to one file, the later one counts, like its values.
  return targets.filter(({ path }, index) => targets.findLastIndex((other) => other.path === path) === index);
}

interface Edit extends EnvEdit {
  readonly target: EnvTarget;
}

/** Plans the edits without writing. */
function plan(targets: readonly EnvTarget[], changes: VarChanges): readonly Edit[] {
  return targets.flatMap((target) => {
    const own = [...changes].filter(
      ([key, value]) => isIn(target, key, value, targets) && target.values[key] !== value,
    );
    if (own.length === 0) return [];
    const edit = editEnv(target.text, new Map(own), target.name);
    target.checkReplaceable();
    checkSize(edit.text, target.name);
    return [{ target, ...edit }];
  });
}

/** Whether a key is changed in this file. */
function isIn(target: EnvTarget, key: string, value: string | null, targets: readonly EnvTarget[]): boolean {
  const having = targets.filter(({ values }) => Object.hasOwn(values, key));
  if (value === null) return having.includes(target);
  return target === (having.at(-1) ?? targets.at(-1));
}

/** Refuses a text that would be too large to read again. */
function checkSize(text: string, name: string): void {
  if (Buffer.byteLength(text) <= MAX_ENV_FILE_BYTES) return;
  const message = `${name} would be larger than ${MAX_ENV_FILE_BYTES / 1024 / 1024} MB`;
  throw new UserError('ENV_FILE_TOO_BIG', message, 'Keep large values in files of their own.');
}

/**
 * Replaces all files, or none if another program has written to one of them.
 * @returns whether they were replaced
 */
async function replaceAll(edits: readonly Edit[]): Promise<boolean> {
  const drafts: Draft[] = [];
  try {
    for (const { target, text } of edits) drafts.push(await target.prepare(text));
    // No await from here on, so that other programs have little time to interfere.
    const isAsRead = edits.every(({ target }) => target.isAsRead());
    if (isAsRead) for (const draft of drafts) draft.replace();
    return isAsRead;
  } finally {
    for (const draft of drafts) draft.discard();
  }
}

async function warnOfGit(edits: readonly Edit[], { changes, git }: EnvWrite): Promise<readonly string[]> {
  const isSet = [...changes.values()].some((value) => value !== null);
  const warnings: string[] = [];
  for (const { name, path, isThere } of edits.map(({ target }) => target)) {
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
