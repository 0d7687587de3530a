import { lstat, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { walk } from '../../build/walk.js';

/** The files of a folder, and what tells that one was changed. */
type Snapshot = ReadonlyMap<string, string>;

/** A file that an app has written. */
export interface Written {
  /** Relative to the app's folder. */
  readonly file: string;
  readonly isDatabase: boolean;
}

/** What an app may lose: it makes these again, or nobody misses them. */
const NO_LOSS: readonly RegExp[] = [
  /^(?:.*\/)?(?:tmp|temp|log|logs|node_modules|__pycache__|\.[^/]*cache|cache|\.npm)\//i,
  /\.(?:pyc|pid|sock|lock|swp)$/,
];

/** SQLite's own: the database, and its journals. */
const DATABASE = /\.(?:sqlite3?|db3?)(?:-(?:wal|shm|journal))?$/i;
const JOURNAL = /-(?:wal|shm|journal)$/;
const SQLITE_HEAD = 'SQLite format 3\0';

/** Describes the files of a folder at this moment, those that may be lost excepted. */
export async function takeSnapshot(dir: string): Promise<Snapshot> {
  const files = new Map<string, string>();
  await walk(dir, async (path, entry) => {
    if (entry.isDirectory()) return !isNoLoss(`${path}/`);
    if (!entry.isFile() || isNoLoss(path)) return false;
    const { size, mtimeMs, ino } = await lstat(join(dir, path)).catch(() => GONE);
    files.set(path, `${size} ${mtimeMs} ${ino}`);
    return false;
  });
  return files;
}

const GONE = { size: 0, mtimeMs: 0, ino: 0 };

/** The files that are new or changed, sorted. A database's journals count as the database. */
export function changedFiles(before: Snapshot, after: Snapshot): readonly string[] {
  const changed = [...after].filter(([file, state]) => before.get(file) !== state).map(([file]) => file);
  const databases = changed.map((file) => (DATABASE.test(file) ? file.replace(JOURNAL, '') : file));
  return [...new Set(databases)].sort();
}

/** What was written to a folder since a snapshot. */
export async function writtenSince(before: Snapshot, dir: string): Promise<readonly Written[]> {
  const files = changedFiles(before, await takeSnapshot(dir));
  return Promise.all(files.map(async (file) => ({ file, isDatabase: await isDatabase(join(dir, file)) })));
}

async function isDatabase(path: string): Promise<boolean> {
  return DATABASE.test(basename(path)) || (await headOf(path)) === SQLITE_HEAD;
}

async function headOf(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return '';
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_HEAD.length), 0).catch(() => NOTHING);
  await file.close();
  return buffer.toString('latin1', 0, bytesRead);
}

const NOTHING = { buffer: Buffer.alloc(0), bytesRead: 0 };

function isNoLoss(path: string): boolean {
  return NO_LOSS.some((pattern) => pattern.test(path));
}
