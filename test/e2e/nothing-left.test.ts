import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Dynosim, dynosim, start } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { processesWith, uniqueNap, untilGone } from '../helpers/processes.js';

/**
 * Dynos that do not want to go; `NAP` marks every one of their processes. Those that ignore SIGTERM say `ready` once
 * they do.
 */
const PROCFILE = [
  'polite: trap "exit 0" TERM; echo ready; while :; do sleep NAP & wait; done',
  'jobs: sleep NAP & sleep NAP & echo ready; wait',
  'stubborn: trap "" TERM INT HUP; echo ready; while :; do sleep NAP; done',
  'session: setsid sleep NAP & setsid sh -c "setsid sleep NAP & sleep NAP" & echo ready; sleep NAP',
  'forked: ( ( trap "" TERM; echo ready; exec sleep NAP ) & ) & exec sleep NAP',
  'daemon: setsid env -i PATH="$PATH" sh -c "trap \\"\\" TERM; echo ready; exec </dev/null >/dev/null 2>&1; exec sleep NAP" & sleep NAP',
].join('\n');

interface Stubborn {
  readonly app: Dynosim;
  readonly nap: string;
  readonly dir: string;
}

async function startStubborn(args: readonly string[] = [], env = {}): Promise<Stubborn> {
  const nap = uniqueNap();
  const dir = makeFolder({ Procfile: PROCFILE.replaceAll('NAP', nap) });
  const app = start(dir, args, { env });
  await app.printed(/(?:"line":"ready"[\s\S]*){6}/);
  return { app, nap, dir };
}

describe.runIf(process.platform === 'linux')('no process is left after', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', async (signal) => {
    const { app, nap } = await startStubborn(['--shutdown-timeout', '300ms']);
    expect(await app.stop(signal)).toMatchObject({ status: 0 });
    expect(processesWith(nap)).toEqual([]);
    expect(app.stdout).toContain('Error R12 (Exit timeout)');
  });

  test('SIGKILL, with as much time for the dynos as at any other end', async () => {
    const { app, nap } = await startStubborn(['--shutdown-timeout', '300ms']);
    const killedAt = performance.now();
    await app.stop('SIGKILL');
    await untilGone(nap);
    // Without a timeout of its own it would be 7 s.
    expect(performance.now() - killedAt).toBeLessThan(4000);
  });

  test.each([
    ['another one', ({ app }: Stubborn) => app.process.kill('SIGINT')],
    ['dynosim stop', ({ dir }: Stubborn) => dynosim(['stop'], { cwd: dir })],
  ] as const)('a Ctrl-C after %s, which waits for nobody', async (_, stop) => {
    const stubborn = await startStubborn();
    const { app, nap } = stubborn;
    stop(stubborn);
    const [, log = '', waited = ''] = await app.printed(
      /^([\s\S]*)"waiting for (.*): SIGKILL follows 30s after SIGTERM, or at once with Ctrl-C where dynosim runs"/,
    );
    const dynos = [...PROCFILE.matchAll(/^\w+/gm)].map(([type]) => `${type}.1`);
    const isGone = (dyno: string) => log.includes(`"dyno":"${dyno}","line":"Process exited`);
    expect(waited.split(', ')).toEqual(dynos.filter((dyno) => !isGone(dyno)));
    expect(waited).toMatch(/stubborn.*forked.*daemon/);
    app.process.kill('SIGINT');
    expect(await app.finished).toMatchObject({ status: 0 });
    expect(processesWith(nap)).toEqual([]);
    expect(app.stdout).toContain('Stopping remaining processes with SIGKILL');
  });

  test('a crash that ends everything', async () => {
    const nap = uniqueNap();
    const dir = makeFolder({
      Procfile: `bad: setsid sleep ${nap} & exit 9\nok: setsid sleep ${nap} & sleep ${nap}\n`,
    });
    expect(await start(dir, ['--exit-on-crash']).finished).toMatchObject({ status: 9 });
    expect(processesWith(nap)).toEqual([]);
  });

  test('an end while dynos are still being started', async () => {
    const nap = uniqueNap();
    const dir = makeFolder({ Procfile: `web: sleep ${nap}\nworker: setsid sleep ${nap} & sleep ${nap}\n` });
    const app = start(dir, ['--formation', 'all=10']);
    await app.ready();
    await app.stop('SIGINT');
    expect(processesWith(nap)).toEqual([]);
  });
});

test('dynosim does not wait after an app has ended on SIGTERM', async () => {
  const dir = makeFolder({
    Procfile: 'worker: trap "exit 0" TERM; echo ready; while :; do read -t 0.01; done\n',
  });
  // A timeout of an hour would be noticed.
  const app = start(dir, ['--shutdown-timeout', '1h']);
  await app.printed(/"line":"ready"/);
  expect(await app.stop('SIGTERM')).toMatchObject({ status: 0 });
});

test('after the end the ports are free', async () => {
  const dir = makeFolder({ Procfile: 'worker: exec sleep 1000\n' });
  const app = start(dir);
  const { router, api } = await app.ready();
  await app.stop();
  for (const url of [router, api]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  }
});

describe('the portable way', () => {
  test('prints what it cannot guarantee in the first lines, and ends what it can', async () => {
    const nap = uniqueNap();
    const dir = makeFolder({ Procfile: `worker: sleep ${nap} & echo ready; sleep ${nap}\n` });
    const app = start(dir, [], { env: { DYNOSIM_PORTABLE: '1' } });
    await app.printed(/"line":"ready"/);
    expect(app.stderr).toMatch(/^dynosim ends dynos by process group, because this was requested: .*SIGKILL/);
    expect(await app.stop('SIGINT')).toMatchObject({ status: 0 });
    await untilGone(nap);
  });

  test('needs no program that finds the tree', async () => {
    const nap = uniqueNap();
    const dir = makeFolder({
      Procfile: `worker: sleep ${nap} & echo ready; sleep ${nap}\n`,
      'few-programs/': '',
    });
    for (const program of ['bash', 'sleep']) {
      const path = execFileSync('which', [program], { encoding: 'utf8' }).trim();
      symlinkSync(path, join(dir, 'few-programs', program));
    }
    const env = { DYNOSIM_PORTABLE: '1', PATH: join(dir, 'few-programs') };
    const app = start(dir, [], { env });
    await app.printed(/"line":"ready"/);
    expect(await app.stop('SIGINT')).toMatchObject({ status: 0 });
    await untilGone(nap);
  });
});
