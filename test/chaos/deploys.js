// An app of `dynosim host` that is deployed again and again, by every way there is, while clients ask it.
import { setTimeout as pause } from 'node:timers/promises';
import { ACTS } from './deploy-acts.js';
import { leftFiles, leftMounts } from './leftovers.js';
import { PushedApp } from './pushed-app.js';
import { choose } from './random.js';
import { formatCounts, formatTable } from './table.js';
import { Traffic } from './traffic.js';

const CLIENTS = 6;
const LONGEST_PAUSE_MS = 300;

const HEAD = {
  deploys: 'deploys and kills',
  requests: 'requests',
  posts: 'POSTs',
  lost: 'lost',
  cut: 'cut by kill -9 of the host',
  twice: 'done twice',
  halfBuilt: 'answers of half a build',
  forgotten: 'acknowledged, then lost',
  processes: 'processes left',
  mounts: 'mounts left',
  files: 'files left',
};

export async function stormDeploys({ random, deploys, withVictim }) {
  console.error('deploys …');
  return withVictim(async (victim) => {
    const app = new PushedApp(victim, random);
    await app.create();
    const traffic = new Traffic(victim.url, random, app.hostName);
    const acts = Object.fromEntries(Object.keys(ACTS).map((name) => [name, 0]));
    traffic.start(CLIENTS);
    for (let done = 0; done < deploys; done += 1) {
      const name = choose(ACTS, random);
      acts[name] += 1;
      await app.after(name, await ACTS[name].act(app), traffic);
      await pause(random() ** 2 * LONGEST_PAUSE_MS);
    }
    await traffic.stop();
    const processes = await victim.end('SIGTERM');
    const files = leftFiles(victim);
    const mounts = leftMounts(victim.folder);
    const failures = traffic.failures.filter((failure) => !app.wasCut(failure));
    const halfBuilt = [...traffic.answered].filter(([what]) => !app.isWhole(what));
    const row = {
      deploys,
      requests: traffic.requests,
      posts: traffic.posts,
      lost: failures.length,
      cut: traffic.failures.length - failures.length,
      twice: [...victim.done.values()].filter((times) => times > 1).length,
      halfBuilt: halfBuilt.reduce((sum, [, times]) => sum + times, 0),
      forgotten: app.faults.length,
      processes,
      mounts: mounts.length,
      files: files.length,
    };
    return {
      table: formatTable([HEAD, row]),
      failures: [
        ...app.faults,
        ...files.map((file) => `left: ${file}`),
        ...failures.map((failure) => victim.describe(failure)),
        ...halfBuilt.map(([what, times]) => `${times} answers of ${what}`),
        ...mounts.map((mount) => `left: the mount ${mount}`),
        ...['twice', 'processes'].filter((key) => row[key] > 0).map((key) => `${HEAD[key]}: ${row[key]}`),
      ],
      remark: `${formatCounts(acts)}; ${CLIENTS} clients`,
    };
  });
}
