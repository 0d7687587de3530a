import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { processesWith, uniqueNap } from '../helpers/processes.js';
import { openTerminal } from '../helpers/terminal.js';
import { BIN, done, expectEach, failed, startApp, steady } from './commands-world.js';

const WEB = {
  'web.js': "require('node:http').createServer((req, res) => res.end('hi')).listen(process.env.PORT)",
  Procfile: 'worker: exec sleep 1000\nweb: node web.js\n',
};

const WORKERS = { Procfile: 'mail: exec sleep 1000\nworker: exec sleep 2000\n' };

describe('ps', () => {
  test('lists dynos like Heroku, with additional facts about this machine', async () => {
    const nap = uniqueNap();
    const files = {
      ...WEB,
      Procfile: `web: node web.js\nworker: exec sleep ${nap}\nother: exec sleep ${nap}\n`,
    };
    const { type, ready } = await startApp(files, ['-m', 'worker=2']);
    await type('ps:wait');
    const { stdout, stderr, status } = await type('ps');
    // Two types of one command stand together, under the name of the first.
    expect(steady(stdout)).toBe(
      `=== other (Eco): exec sleep ${nap} (3)\n\n` +
        'other.1: up <when>  port <n>, <n> of 512 MB\n' +
        'worker.1: up <when>  port <n>, <n> of 512 MB\n' +
        'worker.2: up <when>  port <n>, <n> of 512 MB\n\n' +
        '=== web (Eco): node web.js (1)\n\n' +
        'web.1: up <when>  port <n>, <n> of 512 MB\n\n<hours>\n',
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });

    expect(steady((await type('ps', 'web')).stdout)).toBe(
      `=== web (Eco): node web.js (1)\n\nweb.1: up <when>  port <n>, <n> of 512 MB\n\n<hours>\n`,
    );

    const [worker, ...others] = JSON.parse((await type('ps', 'worker', '--json')).stdout);
    expect(others).toHaveLength(1);
    expect(worker).toEqual({
      name: 'worker.1',
      type: 'worker',
      state: 'up',
      size: 'Eco',
      port: expect.any(Number),
      pid: expect.any(Number),
      inspect: null,
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      release: 1,
      command: `exec sleep ${nap}`,
      memory: expect.any(Number),
      memoryQuota: 512 * 1024 * 1024,
    });
    await expect.poll(() => processesWith(nap)).toContain(worker.pid);
    expect(new Date(worker.since).toISOString()).toBe(worker.since);

    const table = (await type('ps', '--extended')).stdout.trimEnd().split('\n');
    expect(table[0]).toMatch(/^dyno +state +age +port +pid +memory +size +v +command$/);
    expect(table[2]).toMatch(/^other\.1 +up +\d+s +\d+ +\d+ +\d+ of 512 MB +Eco +1 +exec sleep \d+$/);
    expect(table).toHaveLength(6);
    expect(await (await fetch(ready.router)).text()).toBe('hi');
  });

  test('names the existing dynos if the given one does not exist', async () => {
    const { type } = await startApp(WORKERS, ['-m', 'worker=0']);
    const said = 'No %s dynos on ⬢ my-app. ';
    expect(await Promise.all([type('ps', 'worker'), type('ps', 'mial'), type('ps', 'db')])).toMatchObject([
      failed(`${said.replace('%s', 'worker')}Start one: dynosim ps:scale worker=1`),
      failed(`${said.replace('%s', 'mial')}Did you mean mail?`),
      failed(`${said.replace('%s', 'db')}The process types are mail and worker.`),
    ]);
    await type('ps:scale', 'mail=0');
    await expect.poll(() => type('ps')).toMatchObject(done('No dynos on ⬢ my-app\n'));
    expect(await type('ps', '--json')).toMatchObject(done('[]\n'));
  });
});

describe('ps:scale', () => {
  test('prints the formation so that it can be pasted back, and changes it without touching what stays', async () => {
    const { type, dynos } = await startApp(WORKERS, ['-m', 'worker=0']);
    expect(await type('ps:scale')).toMatchObject(done('mail=1:Eco worker=0:Eco\n'));
    await type('ps:wait');
    const before = await dynos();
    expect(await type('ps:scale', 'mail=3', 'worker+1')).toMatchObject(
      done('', 'Scaling dynos... done, now running mail at 3:Eco, worker at 1:Eco\n'),
    );
    await type('ps:wait');
    const grown = await dynos();
    expect(Object.keys(grown).sort()).toEqual(['mail.1', 'mail.2', 'mail.3', 'worker.1']);
    expect(grown['mail.1']?.dynosim.pid).toBe(before['mail.1']?.dynosim.pid);
    expect(await type('scale', 'mail-1', 'worker=1:standard-1x')).toMatchObject(
      done('', 'Scaling dynos... done, now running mail at 2:Eco, worker at 1:Standard-1X\n'),
    );
    await type('ps:wait');
    const changed = await dynos();
    expect(changed['mail.2']?.dynosim.pid).toBe(grown['mail.2']?.dynosim.pid);
    expect(changed['worker.1']).toMatchObject({ size: 'Standard-1X', state: 'up' });
    expect(changed['worker.1']?.dynosim.pid).not.toBe(grown['worker.1']?.dynosim.pid);
    // What it prints can be given back to it.
    const { stdout } = await type('ps:scale');
    expect(stdout).toBe('mail=2:Eco worker=1:Standard-1X\n');
    expect(await type('ps:scale', ...stdout.trim().split(' '), '--json')).toMatchObject({
      status: 0,
      stdout: `${JSON.stringify(
        [
          { type: 'mail', quantity: 2, size: 'Eco', command: 'exec sleep 1000' },
          { type: 'worker', quantity: 1, size: 'Standard-1X', command: 'exec sleep 2000' },
        ],
        undefined,
        2,
      )}\n`,
    });
  });

  test('changes all or nothing, and never drops an argument without a word', async () => {
    const { type, dynos } = await startApp(WORKERS);
    await type('ps:wait');
    const before = await dynos();
    const write = 'Write for example web=2, web+1, worker-1 or web=2:standard-1x.';
    const sizes = /^dynosim: "huge" is not a dyno size\. Sizes are Eco, Basic, .*\n$/;
    await expectEach(type, [
      [['ps:scale', 'mail=2', 'worker'], failed(`"worker" is not a number of dynos. ${write}`)],
      [['ps:scale', 'mail=2', 'worker=x'], failed(`"worker=x" is not a number of dynos. ${write}`)],
      [['ps:scale', '-1'], failed(`"-1" is not a number of dynos. ${write}`)],
      [['ps:scale', 'mail=2:huge'], { status: 1, stdout: '', stderr: expect.stringMatching(sizes) }],
      [
        ['ps:scale', 'mail=2', 'wrker=1'],
        failed('"wrker=1": there is no process type `wrker`, only mail and worker. Did you mean worker?'),
      ],
      [
        ['ps:scale', 'mail=2', 'release=1'],
        failed('"release=1": release is never scaled. It runs when a release is made: --release-phase'),
      ],
      [
        ['ps:scale', 'mail=1001'],
        failed('"mail=1001" asks for more than 1000 dynos of one type. Give a number from 0 to 1000.'),
      ],
      [
        ['ps:scale', 'worker=2', 'mail+1000'],
        failed('"mail+1000" asks for more than 1000 dynos of one type. Give a number from 0 to 1000.'),
      ],
      [
        ['ps:scale', 'worker=2', 'mail-2'],
        failed('"mail-2" would leave fewer than 0 dynos: mail is at 1. To stop them all: mail=0'),
      ],
    ]);
    expect(await type('ps:scale')).toMatchObject(done('mail=1:Eco worker=1:Eco\n'));
    expect(await dynos()).toMatchObject({
      'worker.1': { dynosim: { pid: before['worker.1']?.dynosim.pid } },
    });
  });
});

describe('ps:restart and ps:stop', () => {
  test('restart all dynos, those of a type, or one', async () => {
    const { type, dynos } = await startApp(WORKERS, ['-m', 'worker=2']);
    await type('ps:wait');
    let before = await dynos();
    const restarted = async (...args: readonly string[]) => {
      const finished = await type(...args);
      await type('ps:wait');
      const after = await dynos();
      const names = Object.keys(after).filter(
        (name) => after[name]?.dynosim.pid !== before[name]?.dynosim.pid,
      );
      before = after;
      return { ...finished, names: names.sort() };
    };
    const said = (what: string) => done('', `Restarting ${what} on ⬢ my-app... done\n`);
    expect(await restarted('ps:restart', 'worker.2')).toMatchObject({
      ...said('dyno worker.2'),
      names: ['worker.2'],
    });
    expect(await restarted('ps:restart', 'worker')).toMatchObject({
      ...said('all worker dynos'),
      names: ['worker.1', 'worker.2'],
    });
    expect(await restarted('restart', '-d', 'mail.1')).toMatchObject({
      ...said('dyno mail.1'),
      names: ['mail.1'],
    });
    expect(await restarted('ps:restart', '-p', 'mail')).toMatchObject({
      ...said('all mail dynos'),
      names: ['mail.1'],
    });
    expect(await restarted('ps:restart')).toMatchObject({
      ...said('all dynos'),
      names: ['mail.1', 'worker.1', 'worker.2'],
    });
  });

  test('stopped dynos start again, as on Heroku', async () => {
    const { type, dynos, app } = await startApp(WORKERS);
    await type('ps:wait');
    const before = await dynos();
    expect(await type('ps:stop', 'worker.1')).toMatchObject(
      done('', 'Stopping dyno worker.1 on ⬢ my-app... done\n'),
    );
    await app.printed(/"dyno":"worker.1","line":"State changed from down to starting"/);
    await type('ps:wait');
    const after = await dynos();
    expect(after['worker.1']?.dynosim.pid).not.toBe(before['worker.1']?.dynosim.pid);
    expect(after['mail.1']?.dynosim.pid).toBe(before['mail.1']?.dynosim.pid);
    expect(await type('kill', 'mail')).toMatchObject(
      done('', 'Stopping all mail dynos on ⬢ my-app... done\n'),
    );
  });

  test('all one-off dynos are stopped by their type', async () => {
    const { type, dynos, app } = await startApp(WORKERS);
    for (const _ of [1, 2]) await type('run:detached', 'exec sleep 1000');
    await app.printed(/(?:"run\.\d+","line":"State changed from starting to up"[\s\S]*){2}/);
    expect(await type('ps:stop', 'run')).toMatchObject(
      done('', 'Stopping all run dynos on ⬢ my-app... done\n'),
    );
    await app.printed(/(?:"run\.\d+","line":"Process exited with status 143"[\s\S]*){2}/);
    expect(Object.keys(await dynos()).filter((name) => name.startsWith('run.'))).toEqual([]);
  });

  test('refuse missing dynos and ambiguous names', async () => {
    const { type } = await startApp(WORKERS, ['-m', 'worker=0']);
    await expectEach(type, [
      [
        ['ps:stop'],
        failed('Please specify a process type or dyno name to stop. To stop the whole app: dynosim stop'),
      ],
      [['ps:restart', 'mail.7'], failed('There is no dyno mail.7. See what runs: dynosim ps')],
      [['ps:stop', 'run.1234'], failed('There is no dyno run.1234. See what runs: dynosim ps')],
      [['ps:restart', 'mial'], failed('There is no dyno of type mial. Did you mean mail?')],
      [
        ['ps:stop', '-p', 'db'],
        failed('There is no dyno of type db. The process types are mail and worker.'),
      ],
      [
        ['ps:stop', 'worker'],
        failed('There is no dyno of type worker. Start one: dynosim ps:scale worker=1'),
      ],
      [
        ['ps:restart', 'mail', '-p', 'worker'],
        failed('Both mail and worker are named. Name one type or one dyno.'),
      ],
      [
        ['ps:restart', 'mail', 'worker'],
        failed(
          "too many arguments for 'ps:restart'. Expected 1 argument but got 2. See dynosim ps:restart --help.",
        ),
      ],
    ]);
  });
});

describe('ps:type', () => {
  test('shows sizes and what they would cost, and changes them', async () => {
    const { type, dynos } = await startApp(WORKERS, ['-m', 'mail=2']);
    expect(await type('ps:type')).toMatchObject(
      done(
        '=== Process Types\n' +
          'type    size  qty  cost/hour  max cost/month\n' +
          '────────────────────────────────────────────\n' +
          'mail    Eco   2\n' +
          'worker  Eco   1\n\n' +
          '=== Dyno Totals\n' +
          'type  total\n' +
          '───────────\n' +
          'Eco   3\n\n' +
          '$5 (flat monthly fee, shared across all Eco dynos)\n',
      ),
    );
    const sized = await type('ps:type', 'mail=standard-2x', 'worker=STANDARD-1X');
    expect(sized).toMatchObject({ status: 0, stderr: 'Scaling dynos on ⬢ my-app... done\n' });
    expect(sized.stdout).toContain('mail    Standard-2X  2    ~$0.139    $100\n');
    expect(sized.stdout).toContain('worker  Standard-1X  1    ~$0.035    $25\n');
    expect(await dynos()).toMatchObject({
      'mail.2': { size: 'Standard-2X' },
      'worker.1': { size: 'Standard-1X' },
    });
    expect(JSON.parse((await type('resize', 'basic', '--json')).stdout)).toEqual([
      { type: 'mail', quantity: 2, size: 'Basic', command: 'exec sleep 1000' },
      { type: 'worker', quantity: 1, size: 'Basic', command: 'exec sleep 2000' },
    ]);
    expect(await type('ps:type', 'mail=eco', 'db=eco')).toMatchObject(
      failed(
        '"db=Eco": there is no process type `db`, only mail and worker. Process types come from the Procfile.',
      ),
    );
    expect(await type('ps:type', 'basic', 'mail=eco')).toMatchObject(
      failed('"basic" is not "type=size". Write for example ps:type basic or ps:type web=standard-2x.'),
    );
    expect(await type('ps:scale')).toMatchObject(done('mail=2:Basic worker=1:Basic\n'));
  });
});

describe('ps:wait', () => {
  const SLOW = { ...WEB, Procfile: 'web: until [ -e go ]; do read -t 0.01; done; exec node web.js\n' };

  test('returns when every dyno is up, and shows how far they are', async () => {
    const { dir, type, dynos } = await startApp(SLOW, ['-m', 'web=2']);
    expect(await type('ps:wait', '--timeout', '2s')).toMatchObject({
      status: 1,
      stdout: '',
      stderr:
        'Waiting for every dyno to be running v1... 0 / 2\n' +
        'dynosim: 0 of 2 dynos were up after 2s. See which are not: dynosim ps\n',
    });
    const terminal = openTerminal(`${BIN} ps:wait`, dir);
    await terminal.shows(/Waiting for every dyno to be running v1\.\.\. 0 \/ 2/);
    writeFileSync(join(dir, 'go'), '');
    await terminal.shows(/\.\.\. 2 \/ 2, done\r\n/);
    expect(await terminal.finished).toBe(0);
    expect(await dynos()).toMatchObject({ 'web.1': { state: 'up' }, 'web.2': { state: 'up' } });
    expect(await type('ps:wait')).toMatchObject(done(''));
    expect(await type('ps:wait', '--timeout', '5')).toMatchObject(
      failed('--timeout: "5" is not a duration. Write for example 500ms, 30s, 5m, 1h30m or never.'),
    );
  });

  test('fails when a dyno has crashed', async () => {
    const { type, app } = await startApp({ Procfile: 'web: exec sleep 1000\nbad: exit 3\n' }, [
      '-m',
      'web=0',
    ]);
    // After the first crash it is started again at once.
    await app.printed(/(?:"dyno":"bad.1","line":"State changed from \w+ to crashed"[\s\S]*){2}/);
    await expect
      .poll(() => type('ps:wait'))
      .toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringMatching(/dynosim: bad\.1 crashed\. See why: dynosim logs --dyno bad\.1\n$/),
      });
    expect((await type('ps', 'bad')).stdout).toMatch(/^bad\.1: crashed .*ago\)\n/m);
  });
});
