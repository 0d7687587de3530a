import { describe, expect, test } from 'vitest';
import { type RequestInFlight, RequestsInFlight } from '../../../src/apps/requests-in-flight.js';
import type { Dyno } from '../../../src/dynos/dyno.js';
import type { RunPlan } from '../../../src/dynos/run-plan.js';
import { fakeDyno } from '../../helpers/fake-dyno.js';
import { fakeWorld } from '../../helpers/fake-world.js';
import { settle } from '../../helpers/manual-clock.js';

const MINUTE = 60_000;

function makeDyno(type: string, changes: Partial<RunPlan> = {}) {
  const fake = fakeWorld();
  const name = `${type}.1`;
  const crashes: number[] = [];
  const dyno = fakeDyno(fake, type, {
    plan: () => fake.plan(type, name, changes),
    onCrash: ({ exit }) => crashes.push(exit.status),
  });
  /** The lines since the last call, without their source. */
  const said = () => fake.lines.splice(0).map((line) => line.replace(/^\w+\[[\w.]+\]: /, ''));
  const exit = async (status: number) => {
    fake.containment.of(name).exit(status);
    await settle();
  };
  const comeUp = async () => {
    await settle();
    fake.containment.of(name).listen();
    await settle();
  };
  return { ...fake, dyno, crashes, said, exit, comeUp };
}

async function startedWorker() {
  const made = makeDyno('worker');
  made.dyno.start({ isFirst: true });
  await settle();
  return made;
}

async function startedWeb(changes: Partial<RunPlan> = {}) {
  const made = makeDyno('web', changes);
  made.dyno.start({ isFirst: true });
  await made.comeUp();
  return made;
}

describe('starting', () => {
  test('a worker is up as soon as its process runs', async () => {
    const { dyno, said } = await startedWorker();
    expect(dyno.status).toBe('up');
    expect(dyno.run?.pid).toBe(1000);
    expect(said()).toEqual([
      'Starting process with command `run worker 20001`',
      'State changed from starting to up',
    ]);
  });

  test('a web dyno is up only when it listens', async () => {
    const { dyno, comeUp, clock } = makeDyno('web');
    dyno.start({ isFirst: true });
    await clock.advance(59_000);
    expect(dyno.status).toBe('starting');
    await comeUp();
    expect(dyno.status).toBe('up');
    expect(clock.pending).toBe(0);
  });

  test('a dyno added later is logged as down before', async () => {
    const { dyno, said } = makeDyno('worker');
    dyno.start({ isFirst: false });
    await settle();
    expect(said()[0]).toBe('State changed from down to starting');
  });

  test('a web dyno that does not listen within 60 s is killed, which is a crash', async () => {
    const { dyno, clock, said, containment, crashes } = makeDyno('web');
    dyno.start({ isFirst: true });
    await clock.advance(60_000);
    expect(containment.trees[0]?.signals).toEqual(['SIGKILL']);
    expect(said().slice(0, 7)).toEqual([
      'Starting process with command `run web 20001`',
      'does not listen on $PORT. A program that serves no requests, such as a bot, must have another process type: name it worker in the Procfile',
      'Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch',
      'Stopping process with SIGKILL',
      'Process exited with status 137',
      'State changed from starting to crashed',
      'State changed from crashed to starting',
    ]);
    expect(crashes).toEqual([137]);
  });

  test('a loopback address works, with a warning about Heroku', async () => {
    const { dyno, said, containment } = makeDyno('web');
    dyno.start({ isFirst: true });
    await settle();
    containment.of('web.1').listen({ isLoopback: true });
    expect(dyno.status).toBe('up');
    expect(said()[1]).toContain('R10');
  });

  test('listening on another port is logged once, shortly before R10', async () => {
    const { dyno, said, portsElsewhere, clock } = makeDyno('web');
    dyno.start({ isFirst: true });
    portsElsewhere.push(3000);
    await clock.advance(44_999);
    expect(said().join()).not.toContain('3000');
    await clock.advance(1);
    expect(said()).toEqual([
      'listens on port 3000, but must listen on $PORT, which is 20001: this will end in R10',
    ]);
    await clock.advance(15_000);
    const lines = said();
    expect(lines.join()).toContain('Error R10');
    expect(lines.join()).not.toContain('listens on port');
  });

  test('another port that is opened late is logged, too', async () => {
    const { dyno, said, portsElsewhere, clock } = makeDyno('web');
    dyno.start({ isFirst: true });
    await clock.advance(50_000);
    portsElsewhere.push(3000, 3001);
    said();
    await clock.advance(3000);
    expect(said().join()).toContain('listens on ports 3000 and 3001, but');
  });

  test('its own port is not another port, even if not reported yet', async () => {
    const { dyno, said, portsElsewhere, clock } = makeDyno('web');
    dyno.start({ isFirst: true });
    portsElsewhere.push(20_001, 9000);
    await clock.advance(45_000);
    expect(said()).toHaveLength(1);
  });
});

describe('stopping', () => {
  test('asks every process with SIGTERM and waits for the tree to be gone', async () => {
    const { dyno, said, containment, exit, clock } = await startedWorker();
    said();
    dyno.stop();
    expect(dyno.status).toBe('down');
    expect(dyno.isGone).toBe(false);
    await settle();
    expect(containment.of('worker.1').signals).toEqual(['SIGTERM']);
    await exit(143);
    expect(dyno.isGone).toBe(true);
    expect(said()).toEqual([
      'State changed from up to down',
      'Stopping all processes with SIGTERM',
      'Process exited with status 143',
    ]);
    expect(clock.pending).toBe(0);
  });

  test('a dyno that ignores SIGTERM for 30 s gets R12 and SIGKILL', async () => {
    const { dyno, said, containment, clock } = await startedWorker();
    dyno.stop();
    said();
    await clock.advance(29_999);
    expect(containment.of('worker.1').signals).toEqual(['SIGTERM']);
    await clock.advance(1);
    expect(containment.of('worker.1').signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(said()).toEqual([
      'Error R12 (Exit timeout) -> At least one process failed to exit within 30 seconds of SIGTERM',
      'Stopping remaining processes with SIGKILL',
      'Process exited with status 137',
    ]);
    expect(clock.pending).toBe(0);
  });

  test('kill ends a stopping run at once', async () => {
    const { dyno, containment, clock } = await startedWorker();
    dyno.stop();
    for (const run of dyno.departing) run.kill();
    await settle();
    expect(containment.of('worker.1').signals).toEqual(['SIGTERM', 'SIGKILL']);
    await settle();
    expect(dyno.isGone).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('before its process runs still reaches the process', async () => {
    const { dyno, containment } = makeDyno('worker');
    dyno.start({ isFirst: true });
    dyno.stop();
    await settle();
    expect(containment.of('worker.1').signals).toEqual(['SIGTERM']);
  });
});

describe('restarting', () => {
  test('launches the new run at once, while the old one shuts down', async () => {
    const { dyno, said, containment, exit } = await startedWorker();
    said();
    const old = dyno.run;
    dyno.restart();
    await settle();
    expect(containment.trees).toHaveLength(2);
    expect(dyno.run).not.toBe(old);
    expect(dyno.run?.port).not.toBe(old?.port);
    expect(said()).toEqual([
      'Restarting',
      'State changed from up to starting',
      'Stopping all processes with SIGTERM',
      'Starting process with command `run worker 20002`',
      'State changed from starting to up',
    ]);
    containment.trees[0]?.exit(143);
    await settle();
    expect(said()).toEqual(['Process exited with status 143']);
    expect(dyno.status).toBe('up');
    await exit(1);
  });

  test('the end of a departing run is not a crash', async () => {
    const { dyno, containment, crashes } = await startedWorker();
    dyno.restart();
    containment.trees[0]?.exit(1);
    await settle();
    expect(crashes).toEqual([]);
  });
});

describe('crashing', () => {
  test.each([0, 1, 137])(
    'ending with status %i is a crash, and the first one restarts at once',
    async (status) => {
      const { dyno, said, exit, crashes } = await startedWorker();
      said();
      await exit(status);
      expect(crashes).toEqual([status]);
      expect(dyno.status).toBe('up');
      expect(said().filter((line) => !line.includes('counts as crashed'))).toEqual([
        `Process exited with status ${status}`,
        'State changed from up to crashed',
        'State changed from crashed to starting',
        'Starting process with command `run worker 20002`',
        'State changed from starting to up',
      ]);
    },
  );

  test('further crashes in a row wait 20, 40, 60, 180, 320 and again 320 minutes of platform time', async () => {
    const { dyno, exit, clock, said } = await startedWorker();
    await exit(1);
    for (const minutes of [20, 40, 60, 180, 320, 320]) {
      said();
      await exit(1);
      expect(said().at(-1)).toMatch(/restarts in \w+, or now with: dynosim ps:restart worker.1$/);
      await clock.advance(minutes * MINUTE - 1);
      expect(dyno.status).toBe('crashed');
      await clock.advance(1);
      expect(dyno.status).toBe('up');
    }
  });

  test('with status 0, the log explains once that this counts, too', async () => {
    const { said, exit } = await startedWorker();
    await exit(0);
    await exit(0);
    const lines = said();
    expect(
      lines.filter((line) => line.includes('counts as crashed on Heroku, even with status 0')),
    ).toHaveLength(1);
  });

  test('a program that is missing is named', async () => {
    const { said, exit, containment } = await startedWorker();
    containment.of('worker.1').output.write('bash: line 1: bundle: command not found\n');
    await settle();
    await exit(127);
    expect(said().join()).toContain('there is no program `bundle` here');
  });

  test('ten minutes of being up reset the count', async () => {
    const { dyno, exit, clock } = await startedWorker();
    await exit(1);
    await clock.advance(10 * MINUTE);
    await exit(1);
    expect(dyno.status).toBe('up');
  });

  test('a restart by hand ends the wait and resets the count', async () => {
    const { dyno, exit, clock, said } = await startedWorker();
    await exit(1);
    await exit(1);
    expect(dyno.status).toBe('crashed');
    said();
    dyno.restart();
    await settle();
    expect(said().slice(0, 2)).toEqual(['Restarting', 'State changed from crashed to starting']);
    expect(clock.pending).toBe(0);
    await exit(1);
    expect(dyno.status).toBe('up');
  });

  test('a crashed dyno that is stopped does not restart', async () => {
    const { dyno, exit, clock, said } = await startedWorker();
    await exit(1);
    await exit(1);
    said();
    dyno.stop();
    expect(said()).toEqual(['State changed from crashed to down']);
    expect(dyno.isGone).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('a listener for crashes may stop the dyno before it restarts', async () => {
    const fake = fakeWorld();
    const dyno: Dyno = fakeDyno(fake, 'worker', { onCrash: () => dyno.stop() });
    dyno.start({ isFirst: true });
    await settle();
    fake.containment.of('worker.1').exit(3);
    await settle();
    expect(dyno.isGone).toBe(true);
    expect(fake.containment.trees).toHaveLength(1);
  });

  test('a crash during boot is logged as such', async () => {
    const { dyno, said, exit } = makeDyno('web');
    dyno.start({ isFirst: true });
    await settle();
    await exit(127);
    expect(said()).toContain('State changed from starting to crashed');
  });

  test('a crashed web dyno is no longer reachable', async () => {
    const { dyno, exit } = await startedWeb();
    expect(dyno.run?.listening?.port).toBe(20_001);
    await exit(1);
    expect(dyno.run?.listening).toBeUndefined();
  });
});

describe('an app of which only one run can be alive', () => {
  const TAKEN = 'Error: listen EADDRINUSE: address already in use 127.0.0.1:15333';

  /** The newest run prints this and ends. */
  async function fail({ containment, clock }: ReturnType<typeof makeDyno>, line = '', status = 1) {
    await settle();
    const tree = containment.trees.at(-1);
    tree?.output.write(`${line}\n`);
    await settle();
    tree?.exit(status);
    await clock.advance(0);
  }

  async function end({ containment }: ReturnType<typeof makeDyno>, tree: number) {
    containment.trees[tree]?.exit(143);
    await settle();
  }

  test.each([
    ['worker', TAKEN],
    ['web', TAKEN],
    ['web', ''],
  ])('is started again, as %s, once the old run is gone', async (type, line) => {
    const made = await (type === 'web' ? startedWeb() : startedWorker());
    const { dyno, crashes, said, containment, clock } = made;
    dyno.restart();
    await fail(made, line);
    expect(dyno.status).toBe('starting');
    expect(dyno.isSettled).toBe(false);
    expect(containment.trees).toHaveLength(2);
    await end(made, 0);
    expect(containment.trees).toHaveLength(3);
    if (type === 'web') await made.comeUp();
    expect(dyno.status).toBe('up');
    expect(crashes).toEqual([]);
    expect(said().join('\n')).not.toContain('crashed');
    dyno.stop();
    await end(made, 2);
    expect(clock.pending).toBe(0);
  });

  test('may fail for it after it has listened, if it says so: it took a second port', async () => {
    const made = await startedWeb();
    const { dyno, crashes } = made;
    dyno.restart();
    await made.comeUp();
    await fail(made, TAKEN);
    expect(dyno.status).toBe('starting');
    await end(made, 0);
    await made.comeUp();
    await fail(made, 'TypeError: x is undefined');
    expect(crashes).toEqual([1]);
    dyno.stop();
  });

  test('learns the likely cause from the log', async () => {
    const made = await startedWorker();
    made.dyno.restart();
    await fail(made, TAKEN);
    expect(made.said().slice(-2)).toEqual([
      `the new run ended while the old one was still running. Only one can run at a time because of a fixed port: \`${TAKEN}\`. This does not count as a crash, because on Heroku each run has its own machine. From now on, the old run ends before the new one starts`,
      'State changed from up to starting',
    ]);
  });

  test('has its old run stopped first from then on, without a word', async () => {
    const made = await startedWeb();
    const { dyno, said, containment } = made;
    dyno.restart();
    await fail(made);
    await end(made, 0);
    await made.comeUp();
    said();
    dyno.restart();
    await settle();
    expect(dyno.status).toBe('starting');
    expect(containment.trees).toHaveLength(3);
    await end(made, 2);
    await made.comeUp();
    expect(dyno.status).toBe('up');
    expect(said()).toEqual([
      'Restarting',
      'State changed from up to starting',
      'Stopping all processes with SIGTERM',
      'Process exited with status 143',
      'Starting process with command `run web 20004`',
      'State changed from starting to up',
    ]);
  });

  test('is not replaced while it serves, but stopped and started', async () => {
    const made = await startedWeb();
    const { dyno, said, containment } = made;
    dyno.replace();
    await settle();
    said();
    await fail(made, TAKEN);
    expect(dyno.status).toBe('starting');
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
    await end(made, 0);
    await made.comeUp();
    expect(dyno.status).toBe('up');
    expect(said()[1]).toContain('a fixed port');
    dyno.replace();
    await settle();
    expect(containment.trees).toHaveLength(3);
    await end(made, 2);
    await made.comeUp();
    expect(dyno.status).toBe('up');
    expect(said().join()).not.toContain('fixed port');
  });

  test.each([TAKEN, ''])('may end just after the old run, with the words "%s"', async (line) => {
    const made = await startedWorker();
    made.dyno.restart();
    await settle();
    await end(made, 0);
    await fail(made, line);
    expect(made.dyno.status).toBe('up');
    expect(made.crashes).toEqual([]);
  });

  test('wakes while its old run still stops', async () => {
    const made = await startedWeb();
    const { dyno, containment, clock } = made;
    dyno.idle();
    dyno.unidle(5000);
    await clock.advance(5000);
    await fail(made, TAKEN);
    expect(dyno.status).toBe('starting');
    await end(made, 0);
    await made.comeUp();
    expect(dyno.status).toBe('up');
    dyno.idle();
    dyno.unidle(5000);
    await clock.advance(2000);
    await end(made, 2);
    await clock.advance(2999);
    expect(containment.trees).toHaveLength(3);
    await clock.advance(1);
    expect(containment.trees).toHaveLength(4);
    expect(made.crashes).toEqual([]);
  });

  test('is distinguished from one that crashes by itself', async () => {
    const made = await startedWorker();
    const { dyno, crashes, containment } = made;
    dyno.restart();
    await fail(made);
    await end(made, 0);
    await fail(made);
    await fail(made);
    expect(crashes).toEqual([1, 1]);
    expect(dyno.status).toBe('crashed');
    dyno.restart();
    dyno.restart();
    await settle();
    expect(containment.trees).toHaveLength(6);
  });

  test.each([
    ['a program that is missing', 127, TAKEN],
    ['an end long after the old run', 1, 'sqlite3.OperationalError: database is locked'],
    ['a taken inspector port', 1, 'Starting inspector on 127.0.0.1:9229 failed: address already in use'],
  ])('is distinguished from %s', async (_what, status, line) => {
    const made = await startedWorker();
    made.dyno.restart();
    await settle();
    if (status === 1) await end(made, 0);
    if (line.includes('locked')) await made.clock.advance(5000);
    await fail(made, line, status);
    expect(made.crashes).toEqual([status]);
  });

  test.each([
    ['a pid file', 'A server is already running. Check /app/tmp/pids/server.pid.'],
    ['a fixed port', '[ERROR] Connection in use: ("0.0.0.0", 8000)'],
    ['a fixed port', 'Web server failed to start. Port 8080 was already in use.'],
    ['a lock', 'could not get lock /data/LOCK: Resource temporarily unavailable'],
    ['a lock', 'sqlite3.OperationalError: database is locked'],
    ['a lock', 'mkdir: cannot create directory `lock`: File exists'],
  ])('has %s: %s', async (cause, line) => {
    const made = await startedWorker();
    made.dyno.restart();
    await fail(made, line);
    expect(made.said().join()).toContain(`because of ${cause}: \`${line}\``);
  });

  test('is suspected if a new run fails silently next to it', async () => {
    const made = await startedWeb();
    made.dyno.replace();
    await fail(made);
    await end(made, 0);
    await made.comeUp();
    expect(made.dyno.status).toBe('up');
    expect(made.said().join()).toContain('Perhaps only one can run at a time');
  });

  test.each([
    ['SyntaxError: Unexpected token', 1],
    ['Could not find gem "x" in Gemfile.lock', 1],
    ['Cannot install with "frozen-lockfile" because pnpm-lock.yaml is not up to date', 1],
    ['', 0],
  ])('is distinguished from a new run that fails by itself: %s, status %i', async (line, status) => {
    const made = await startedWeb();
    made.dyno.replace();
    await fail(made, line, status);
    expect(made.dyno.status).toBe('up');
    expect(made.said().at(-1)).toBe('the new run ended before it listened: the old one keeps running');
  });
});

describe('output', () => {
  test('comes before the line that the process exited', async () => {
    const { dyno, containment, lines } = makeDyno('worker');
    dyno.start({ isFirst: true });
    await settle();
    const tree = containment.of('worker.1');
    tree.output.on('end', () => lines.push('last output'));
    tree.exit(0);
    await settle();
    expect(lines.indexOf('last output')).toBeLessThan(
      lines.indexOf('heroku[worker.1]: Process exited with status 0'),
    );
    expect(lines).toContain('last output');
  });
});

describe('replacing', () => {
  test('the old run serves until the new one listens', async () => {
    const { dyno, said, comeUp, containment } = await startedWeb();
    const old = dyno.run;
    said();
    dyno.replace();
    await settle();
    expect(dyno.run).toBe(old);
    expect(dyno.status).toBe('up');
    expect(dyno.isSettled).toBe(false);
    await comeUp();
    expect(dyno.run).not.toBe(old);
    expect(dyno.status).toBe('up');
    expect(said()).toEqual([
      'Restarting',
      'Starting process with command `run web 20002`',
      'Stopping all processes with SIGTERM',
      'State changed from starting to up',
    ]);
    containment.trees[0]?.exit(143);
    await settle();
    expect(dyno.isSettled).toBe(true);
  });

  test('a new run that never listens changes nothing', async () => {
    const { dyno, said, exit, crashes, containment } = await startedWeb();
    const old = dyno.run;
    dyno.replace();
    await settle();
    said();
    containment.trees[1]?.output.write('SyntaxError\n');
    await settle();
    await exit(1);
    expect(dyno.run).toBe(old);
    expect(dyno.isSettled).toBe(true);
    expect(crashes).toEqual([]);
    expect(said()).toEqual([
      'Process exited with status 1',
      'the new run ended before it listened: the old one keeps running',
    ]);
  });

  test('another change replaces the new run too', async () => {
    const { dyno, containment, comeUp } = await startedWeb();
    const old = dyno.run;
    dyno.replace();
    await settle();
    dyno.replace();
    await settle();
    expect(containment.trees[1]?.signals).toEqual(['SIGTERM']);
    expect(dyno.run).toBe(old);
    await comeUp();
    expect(dyno.run?.pid).toBe(1002);
  });

  test('the new run stands in when the old one crashes', async () => {
    const { dyno, said, containment, crashes, comeUp } = await startedWeb();
    dyno.replace();
    await settle();
    said();
    containment.trees[0]?.exit(1);
    await settle();
    expect(dyno.status).toBe('starting');
    expect(crashes).toEqual([1]);
    expect(said()).toEqual([
      'Process exited with status 1',
      'State changed from up to crashed',
      'State changed from crashed to starting',
    ]);
    await comeUp();
    expect(dyno.status).toBe('up');
    expect(containment.trees).toHaveLength(2);
  });

  test('stopping ends both runs', async () => {
    const { dyno, containment } = await startedWeb();
    dyno.replace();
    await settle();
    dyno.stop();
    await settle();
    for (const tree of containment.trees) expect(tree.signals).toEqual(['SIGTERM']);
    expect(dyno.isGone).toBe(false);
    for (const tree of containment.trees) tree.exit(143);
    await settle();
    expect(dyno.isGone).toBe(true);
  });

  test('a dyno without requests restarts at once', async () => {
    const { dyno, containment } = await startedWorker();
    dyno.replace();
    await settle();
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
    expect(dyno.run?.pid).toBe(1001);
  });
});

describe('a dyno with an unread request when it is stopped', () => {
  async function startedWithRequests() {
    const requests = new RequestsInFlight();
    const started = await startedWeb({ requests });
    const ask = (): RequestInFlight => {
      const request = requests.enter(0);
      request.run = started.dyno.run?.id;
      request.isSent = true;
      return request;
    };
    return { ...started, ask };
  }

  test('gets SIGTERM once that is over', async () => {
    const { dyno, containment, clock, kernel, ask } = await startedWithRequests();
    kernel.hasUnread = true;
    const [first, second] = [ask(), ask()];
    dyno.stop();
    first.leave();
    await clock.advance(900);
    expect(containment.trees[0]?.signals).toEqual([]);
    second.leave();
    await clock.advance(5);
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
    await clock.advance(1000);
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
  });

  test('gets SIGTERM later as long as its requests end one by one', async () => {
    const { dyno, containment, clock, kernel, ask } = await startedWithRequests();
    kernel.hasUnread = true;
    const [first] = [ask(), ask()];
    dyno.stop();
    await clock.advance(900);
    first.leave();
    await clock.advance(1000);
    expect(containment.trees[0]?.signals).toEqual([]);
    await clock.advance(5);
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
  });

  test('gets SIGTERM later if it has to wait for a CPU', async () => {
    const { dyno, containment, clock, kernel, ask } = await startedWithRequests();
    kernel.hasUnread = true;
    ask();
    dyno.stop();
    kernel.activity = { isBusy: true, runnable: 1, cpuMs: 0 };
    await clock.advance(5000);
    expect(containment.trees[0]?.signals).toEqual([]);
    kernel.activity = { ...kernel.activity, cpuMs: 1000 };
    await clock.advance(5);
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
  });

  test('gets SIGTERM once it has been sent to it', async () => {
    const { dyno, containment, clock, ask } = await startedWithRequests();
    const request = ask();
    request.isSent = false;
    dyno.stop();
    await clock.advance(100);
    expect(containment.trees[0]?.signals).toEqual([]);
    request.isSent = true;
    await clock.advance(5);
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
  });

  test('gets SIGTERM as soon as it has read it', async () => {
    const { dyno, containment, clock, kernel, ask } = await startedWithRequests();
    kernel.hasUnread = true;
    ask();
    dyno.stop();
    await clock.advance(100);
    expect(containment.trees[0]?.signals).toEqual([]);
    kernel.hasUnread = false;
    await clock.advance(5);
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
  });

  test.each([
    ['that it does not read it', true, 1000],
    ['nothing', undefined, 50],
  ])('gets SIGTERM a moment later if the system reports %s', async (_name, hasUnread, ms) => {
    const { dyno, containment, clock, kernel, ask } = await startedWithRequests();
    kernel.hasUnread = hasUnread;
    ask();
    dyno.stop();
    await clock.advance(ms - 1);
    expect(containment.trees[0]?.signals).toEqual([]);
    await clock.advance(1);
    expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
  });
});

test('a dyno that is busy gets SIGTERM a moment later, as it may not handle it yet', async () => {
  const { dyno, containment, clock, kernel } = await startedWeb();
  kernel.activity = { isBusy: true, runnable: 0, cpuMs: 0 };
  dyno.stop();
  await clock.advance(100);
  expect(containment.trees[0]?.signals).toEqual([]);
  kernel.activity = { ...kernel.activity, isBusy: false };
  await clock.advance(5);
  expect(containment.trees[0]?.signals).toEqual(['SIGTERM']);
});
