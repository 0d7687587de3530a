import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Names all that remains of machines with this folder: files, processes, mounts, control groups. */
export function leftovers(folder: string): string[] {
  return [
    ...(existsSync(folder) ? [folder] : []),
    ...processesWith(folder),
    ...lines('/proc/self/mounts').filter((line) => line.includes(folder)),
    ...controlGroups('/sys/fs/cgroup', basename(folder)),
  ];
}

function processesWith(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${pid} ${lines(`/proc/${pid}/cmdline`).join('\n').replaceAll('\0', ' ')}`)
    .filter((line) => line.includes(text));
}

/** At the root, or in a controller's own tree. */
function controlGroups(root: string, name: string): string[] {
  const trees = [root, ...folders(root)];
  return trees.map((tree) => join(tree, name)).filter(existsSync);
}

function folders(path: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(path, name));
}

function lines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
