/** How many links Linux follows for one path. */
const FOLLOWED = 40;

/**
 * Whether a path leads out of its folder, directly or through symbolic links in the folder.
 * @param links the target of each link, by the link's path
 */
export function leadsOut(path: string, links: ReadonlyMap<string, string>): boolean {
  const at: string[] = [];
  const ahead = path.split('/').reverse();
  let followed = 0;
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (at.pop() === undefined) return true;
      continue;
    }
    const target = links.get([...at, name].join('/'));
    if (target === undefined) at.push(name);
    else if (target.startsWith('/')) return true;
    else if (++followed > FOLLOWED) return false;
    else ahead.push(...target.split('/').reverse());
  }
  return false;
}
