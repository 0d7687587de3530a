import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BenchHost } from '../bench-host.js';
import { isLinux } from '../linux.js';
import { interleaved, median } from '../numbers.js';
import { limit } from '../table.js';

const execute = promisify(execFile);

const ROUNDS = 9;
/** How much a push may take beside git and npm themselves. */
const MOST_ADDED_MS = 1000;

const PACKAGE = { name: 'app', version: '1.0.0', private: true };
const FILES = {
  Procfile: 'web: node server.js\n',
  'server.js': "require('http').createServer((_, res) => res.end('hello')).listen(process.env.PORT)",
  'package.json': JSON.stringify(PACKAGE),
  'package-lock.json': JSON.stringify({
    ...PACKAGE,
    lockfileVersion: 3,
    requires: true,
    packages: { '': PACKAGE },
  }),
};

export const title = 'a push of a Node.js app with nothing to install, beside git push and npm ci by hand';

export async function measure(bench) {
  if (!isLinux) return [];
  const host = await BenchHost.start(bench, bench.folder({}));
  const clone = bench.folder(FILES);
  const bare = bench.folder({});
  const git = (...args) => execute('git', args, { cwd: clone, env: { ...bench.env, ...GIT } });
  try {
    await host.create('app');
    await execute('git', ['init', '--quiet', '--bare', bare], { env: bench.env });
    await git('init', '--quiet', '--initial-branch=main');
    let count = 0;
    const timed = async (work) => {
      count += 1;
      writeFileSync(join(clone, 'count'), String(count));
      await git('add', '--all');
      await git('commit', '--quiet', '--message', String(count));
      const startedAt = performance.now();
      await work();
      return performance.now() - startedAt;
    };
    const { dynosim, hand } = await interleaved(ROUNDS, {
      dynosim: () => timed(() => git('push', '--quiet', host.gitUrl('app'), 'main')),
      hand: () =>
        timed(async () => {
          await git('push', '--quiet', bare, 'main');
          await execute('npm', ['ci'], { cwd: clone, env: bench.env });
        }),
    });
    const [push, peer] = [median(dynosim), median(hand)];
    return [
      limit(
        {
          measure: 'push beside git push and npm ci, median',
          value: push - peer,
          peer: { name: 'both', value: peer },
          unit: 'ms',
        },
        MOST_ADDED_MS,
      ),
    ];
  } finally {
    await host.end();
  }
}

const GIT = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};
