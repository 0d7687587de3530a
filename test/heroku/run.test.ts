import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { BIN, done } from '../e2e/commands-world.js';
import { processesWith, uniqueNap, untilGone } from '../helpers/processes.js';
import { openTerminal } from '../helpers/terminal.js';
import { inBash, refused, startHeroku, unwrapped } from './heroku-world.js';

describe('heroku run', () => {
  test('runs a command with the config vars, and prints all that it prints', async () => {
    const { heroku, type } = await startHeroku();
    const hello = await heroku('run', 'echo "$GREETING from $DYNO"; echo trouble >&2');
    const [, dyno = ''] = /up, (run\.\d{4})$/m.exec(hello.stderr) ?? [];
    expect(hello).toMatchObject({ status: 0, stdout: `hello from ${dyno}\ntrouble\n` });
    expect(hello.stderr).toContain('Running echo "$GREETING from $DYNO"; echo trouble >&2 on my-app...');
    const [env, long, failed] = await Promise.all([
      heroku('run', '-e', 'A=1;B=2', '--size', 'basic', '--no-notify', 'echo $A$B'),
      heroku('run', '--no-tty', 'seq 1 50000'),
      heroku('run', 'exit 3'),
    ]);
    expect(env.stdout).toBe('12\n');
    expect(long.stdout).toBe(Array.from({ length: 50_000 }, (_, index) => `${index + 1}\n`).join(''));
    expect(failed).toMatchObject({ status: 0, stdout: '' });
    const { stdout } = await type('logs', '-d', dyno);
    expect(stdout.replaceAll(/^\S+ /gm, '').trimEnd().split('\n')).toEqual(
      expect.arrayContaining([
        `heroku[${dyno}]: Awaiting client`,
        `heroku[${dyno}]: State changed from starting to up`,
        `heroku[${dyno}]: Process exited with status 0`,
        `heroku[${dyno}]: State changed from up to complete`,
      ]),
    );
    expect(stdout).not.toContain('trouble\n');
  });

  test('hands on the exit status with -x', async () => {
    const { heroku } = await startHeroku();
    const [bad, signal] = await Promise.all([
      heroku('run', '--exit-code', '--', 'sh', '-c', 'echo oh; exit 37'),
      heroku('run', '-x', "sh -c 'kill -9 $$'"),
    ]);
    expect(bad).toMatchObject({ status: 37, stdout: 'oh\n' });
    expect(unwrapped(bad.stderr)).toMatch(/Error: Process exited with code 37$/);
    expect(signal).toMatchObject({ status: 137 });
  });

  test('hands on what it is given on stdin, to the end', async () => {
    const { dir } = await startHeroku();
    const [copied, counted, nothing] = await Promise.all([
      inBash('dynosim heroku run cat', { cwd: dir, stdin: 'one\ntwo\nthree' }),
      inBash("head -c 1000000 /dev/zero | tr '\\0' x | dynosim heroku run --no-tty 'wc -c'", { cwd: dir }),
      inBash('dynosim heroku run cat </dev/null', { cwd: dir }),
    ]);
    expect(copied).toMatchObject({ status: 0, stdout: 'one\ntwo\nthree' });
    expect(counted.stdout.trim()).toBe('1000000');
    expect(nothing).toMatchObject({ status: 0, stdout: '' });
  });

  test('is a terminal at a terminal', async () => {
    const { dir, heroku } = await startHeroku();
    const nap = uniqueNap();
    const terminal = openTerminal(
      `tty; stty cols 97 rows 31; ${BIN} heroku run "bash --norc --noprofile"`,
      dir,
    );
    const [, outer = ''] = await terminal.shows(/^(\/dev\/pts\/\d+)\s/m);
    await terminal.shows(/up, run\.\d{4}/);
    terminal.type("PS1='ready''> '; stty size; tty\n");
    await terminal.shows(/31 97\s+\/dev\/pts\/\d+\s/);
    await terminal.shows(/ready> /);
    // Its window is resized.
    execFileSync('stty', ['-F', outer, 'cols', '64', 'rows', '20']);
    terminal.type('until [ "$(stty size)" = "20 64" ]; do sleep 0.05; done; stty size\n');
    await terminal.shows(/\r20 64\s/);
    terminal.type(`sleep ${nap}\n`);
    await expect.poll(() => processesWith(nap).length).toBeGreaterThan(0);
    expect((await heroku('ps', 'run')).stdout).toMatch(
      /^=== run: one-off processes \(1\)\n\nrun\.\d{4} \(Eco\): up .*: bash --norc --noprofile$/m,
    );
    terminal.type('\x03');
    await untilGone(`sleep\0${nap}`);
    terminal.type('echo $((6 * 7))x\n');
    await terminal.shows(/42x/);
    terminal.type('exit 5\n');
    // Without -x, Heroku's CLI ignores the status.
    expect(await terminal.finished).toBe(0);
  });

  test('ends its dyno when it is ended', async () => {
    const { follow, type, dynos } = await startHeroku();
    const nap = uniqueNap();
    const running = follow('run', `echo started; sleep ${nap}`);
    await running.printed(/started\n/);
    const name = Object.keys(await dynos()).find((dyno) => dyno.startsWith('run.')) ?? '';
    await running.stop('SIGTERM');
    await untilGone(nap);
    expect((await type('logs', '-d', name)).stdout).toContain(
      'Client connection closed. Sending SIGHUP to all processes',
    );
  });

  test('is ended from outside', async () => {
    const { follow, heroku, dynos } = await startHeroku();
    const nap = uniqueNap();
    const running = follow('run', `echo started; sleep ${nap}`);
    await running.printed(/started\n/);
    const name = Object.keys(await dynos()).find((dyno) => dyno.startsWith('run.')) ?? '';
    expect(await heroku('ps:stop', '-d', name)).toMatchObject(
      done('', `Stopping dyno ${name} on my-app... done\n`),
    );
    expect(await running.finished).toMatchObject({ status: 0 });
    await untilGone(nap);
  });

  test('explains errors', async () => {
    const { heroku } = await startHeroku();
    expect(await heroku('run', '-s', 'huge', 'true')).toMatchObject(refused('invalid_params', /huge/));
  });
});

describe('heroku run:detached', () => {
  test('leaves the command to its dyno, whose output is in the log', async () => {
    const { heroku, type, follow } = await startHeroku();
    const { status, stdout, stderr } = await heroku('run:detached', '-e', 'A=7', 'echo $GREETING $A');
    const [, dyno = ''] = /done, (run\.\d{4})\n$/.exec(stderr) ?? [];
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `Run heroku logs --app my-app --dyno ${dyno} to view the output.\n\n`,
      stderr: `Running echo $GREETING $A on my-app... done, ${dyno}\n`,
    });
    await expect
      .poll(async () => (await type('logs', '--dyno', dyno)).stdout)
      .toMatch(new RegExp(`app\\[${dyno}\\]: hello 7\n`));
    const tail = follow('run:detached', '--tail', 'echo from the tail');
    await tail.printed(/app\[run\.\d{4}\]: from the tail\n/);
    await tail.stop('SIGTERM');
  });
});
