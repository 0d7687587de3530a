import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The last 10 releases, and what runs: see src/host/deploys/retention.ts. */
const MOST_SLUGS = 11;

/** Files of interrupted work that a host has left, and slugs that it should have removed. */
export function leftFiles({ folder, tmp }) {
  const state = join(folder, 'dynosim/host');
  const [app] = readdirSync(join(state, 'apps'));
  const own = join(state, 'apps', app);
  const below = readdirSync(state, { recursive: true }).filter((path) => !path.includes('/slugs/'));
  const slugs = readdirSync(join(own, 'slugs'));
  const folders = slugs.filter((name) => /^\d+$/.test(name));
  return [
    ...below.filter((path) => /\.tmp$|\.lock$|\/objects\/(?:pack\/)?\.?tmp[-_]|\/index-[^/]*$/.test(path)),
    ...slugs.filter((name) => !/^\d+(?:\.json)?$/.test(name)).map((name) => `slugs/${name}`),
    ...folders.filter((name) => !isKept(join(own, 'slugs', `${name}.json`))).map((name) => `slugs/${name}`),
    ...folders.slice(MOST_SLUGS).map((name) => `one slug too many: ${name}`),
    ...entries(join(own, 'run'), state),
    ...entries(join(state, 'run'), state),
    ...entries(join(state, 'sources'), state),
    ...entries(tmp, folder),
  ];
}

/** Mount points below a folder that any process sees. */
export function leftMounts(folder) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const lines = all.flatMap((pid) => read(`/proc/${pid}/mountinfo`).split('\n'));
  return [
    ...new Set(lines.map((line) => line.split(' ')[4] ?? '').filter((path) => path.startsWith(folder))),
  ];
}

function isKept(file) {
  const text = read(file);
  return text !== '' && !JSON.parse(text).removed;
}

function entries(folder, root) {
  try {
    return readdirSync(folder).map((name) => join(folder.slice(root.length + 1), name));
  } catch {
    return [];
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
