import { promises } from 'node:fs';
import { join } from 'node:path';
import { FREE_SPACE, UserError } from '../base/errors.js';
import type { GitEnvironment } from './git.js';
import type { Repository } from './repository.js';

/** The files of a folder at one moment, without those that `.gitignore` names. */
export interface Snapshot {
  /** What git calls them: the same files always have the same id. */
  readonly tree: string;
  /** Where git finds them. */
  readonly incoming: GitEnvironment;
  remove(): Promise<void>;
}

/**
 * Takes the files of a folder as they are, whether or not it is a repository.
 * @param repository whose settings count, and where nothing is added
 * @param workDir a folder that is made for this
 * @throws UserError `NO_FOLDER`, `STATE_UNUSABLE`
 */
export async function takeSnapshot(
  repository: Repository,
  folder: string,
  workDir: string,
): Promise<Snapshot> {
  const objects = join(workDir, 'objects');
  await promises.mkdir(objects, { recursive: true });
  const incoming = {
    GIT_OBJECT_DIRECTORY: objects,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(repository.path, 'objects'),
  };
  const remove = (): Promise<void> => promises.rm(workDir, { recursive: true, force: true });
  const env = { ...incoming, GIT_INDEX_FILE: join(workDir, 'index') };
  const { status, stderr } = await repository.ask([`--work-tree=${folder}`, 'add', '--all'], env);
  if (status !== 0) {
    await remove();
    const [why = ''] = stderr.trim().split('\n');
    if (/: No space left on device$|: Disk quota exceeded$/.test(why))
      throw new UserError(
        'STATE_UNUSABLE',
        `Cannot keep a copy of ${folder} in ${workDir}: ${why}`,
        FREE_SPACE,
      );
    throw new UserError('NO_FOLDER', `${folder} cannot be read: ${why}`);
  }
  return { tree: (await repository.read(['write-tree'], env)).trim(), incoming, remove };
}
