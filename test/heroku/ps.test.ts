import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { done, steady } from '../e2e/commands-world.js';
import { uniqueNap } from '../helpers/processes.js';
import { complained, FILES, refused, rows, startHeroku } from './heroku-world.js';

/** The first lines of `ps` for an eco app. */
const HOURS =
  '<hours>\nFor more information on Eco dyno hours, see:\nhttps://devcenter.heroku.com/articles/eco-dyno-hours\n\n';

describe('heroku ps', () => {
  test('lists the dynos by their commands, one-off dynos first', async () => {
    const { heroku, dynos } = await startHeroku();
    const { stdout: detached } = await heroku('run:detached', 'sleep 100000');
    const [run = ''] = /run\.\d+/.exec(detached) ?? [];
    await expect.poll(dynos).toMatchObject({ [run]: { state: 'up' } });
    const [all, worker, none] = await Promise.all([
      heroku('ps'),
      heroku('ps', 'worker', '--json'),
      heroku('ps', 'clock'),
    ]);
    expect(all).toMatchObject({ status: 0, stderr: '' });
    expect(steady(all.stdout)).toBe(
      `${HOURS}=== run: one-off processes (1)\n\n${run} (Eco): up <when>: sleep 100000\n\n` +
        '=== web (Eco): exec node web.js (1)\n\nweb.1: up <when>\n\n' +
        '=== worker (Eco): echo working; exec sleep 100000 (1)\n\nworker.1: up <when>\n\n',
    );
    expect(JSON.parse(worker.stdout)).toMatchObject([
      { name: 'worker.1', type: 'worker', size: 'Eco', state: 'up', release: { version: 1 } },
    ]);
    expect(none).toMatchObject(complained('Error: No clock dynos on my-app'));
    expect(await heroku('ps:stop', '-d', run)).toMatchObject(
      done('', `Stopping dyno ${run} on my-app... done\n`),
    );
    await expect.poll(async () => Object.keys(await dynos())).toEqual(['web.1', 'worker.1']);
  });

  test('shows sleeping and crashed dynos, and an empty list', async () => {
    const { heroku, type, dynos } = await startHeroku([], {
      ...FILES,
      Procfile: 'web: exec node web.js\nbad: exit 3\n',
    });
    await expect.poll(dynos).toMatchObject({ 'bad.1': { state: 'crashed' } });
    // What has crashed may just be tried again.
    await expect
      .poll(async () => steady((await heroku('ps', 'bad')).stdout))
      .toContain('\nbad.1: crashed <when>\n');
    await type('ps:sleep');
    await expect.poll(dynos).toMatchObject({ 'web.1': { state: 'idle' } });
    expect(steady((await heroku('ps', 'web')).stdout)).toContain('\nweb.1: idle <when>\n');
    await type('ps:scale', 'web=0', 'bad=0');
    await expect.poll(dynos).toEqual({});
    expect((await heroku('ps')).stdout).toMatch(/\nNo dynos on my-app\n$/);
  });
});

describe('heroku ps:scale', () => {
  test('prints the formation, and changes it by every form of argument', async () => {
    const { heroku, dynos, pids } = await startHeroku();
    const before = await pids();
    expect(await heroku('ps:scale', 'web=2', 'worker-1')).toMatchObject(
      done('', 'Scaling dynos... done, now running web at 2:Eco, worker at 0:Eco\n'),
    );
    await expect.poll(async () => Object.keys(await dynos())).toEqual(['web.1', 'web.2']);
    expect((await pids())['web.1']).toBe(before['web.1']);
    expect(await heroku('scale', 'worker+2')).toMatchObject(
      done('', 'Scaling dynos... done, now running worker at 2:Eco\n'),
    );
    expect(Object.keys(await pids()).sort()).toEqual(['web.1', 'web.2', 'worker.1', 'worker.2']);
    expect(await heroku('dyno:scale', 'web=1:STANDARD-2x', 'worker-1:standard-1X')).toMatchObject(
      done('', 'Scaling dynos... done, now running web at 1:Standard-2X, worker at 1:Standard-1X\n'),
    );
    await expect.poll(dynos).toMatchObject({
      'web.1': { size: 'Standard-2X', state: 'up' },
      'worker.1': { size: 'Standard-1X', state: 'up' },
    });
    const { stdout } = await heroku('ps:scale');
    expect(stdout).toBe('web=1:Standard-2X worker=1:Standard-1X\n');
    // What it prints can be given back to it.
    expect(await heroku('ps:scale', ...stdout.trim().split(' '))).toMatchObject(
      done('', 'Scaling dynos... done, now running web at 1:Standard-2X, worker at 1:Standard-1X\n'),
    );
  });

  test('changes nothing if the API refuses', async () => {
    const { heroku, pids } = await startHeroku();
    const before = await pids();
    const scaling = 'Scaling dynos... !\n';
    expect(
      await Promise.all([
        // The CLI itself drops what it cannot read.
        heroku('ps:scale', 'nonsense'),
        heroku('ps:scale', 'web=2', 'clock=1'),
        heroku('ps:scale', 'web=2:huge'),
        heroku('ps:scale', 'worker-2'),
      ]),
    ).toMatchObject([
      done('web=1:Eco worker=1:Eco\n'),
      refused('not_found', /clock|that process type/, scaling),
      refused('invalid_params', /huge/, scaling),
      refused('invalid_params', /./, scaling),
    ]);
    expect(await pids()).toEqual(before);
  });
});

describe('heroku ps:restart', () => {
  test('restarts all, one type or one dyno', async () => {
    const { heroku, pids } = await startHeroku();
    const first = await pids();
    expect(await heroku('ps:restart')).toMatchObject(done('', 'Restarting all dynos on my-app... done\n'));
    const second = await pids();
    expect(Object.keys(second)).toEqual(Object.keys(first));
    expect(second['web.1']).not.toBe(first['web.1']);
    expect(second['worker.1']).not.toBe(first['worker.1']);

    expect(await heroku('ps:restart', '--process-type', 'worker')).toMatchObject(
      done('', 'Restarting all worker dynos on my-app... done\n'),
    );
    const third = await pids();
    expect(third['web.1']).toBe(second['web.1']);
    expect(third['worker.1']).not.toBe(second['worker.1']);

    expect(await heroku('ps:restart', '-d', 'web.1')).toMatchObject(
      done('', 'Restarting dyno web.1 on my-app... done\n'),
    );
    const fourth = await pids();
    expect(fourth['web.1']).not.toBe(third['web.1']);
    expect(fourth['worker.1']).toBe(third['worker.1']);
  });

  test('and ps:stop report a missing dyno or type', async () => {
    const { heroku, pids } = await startHeroku();
    const before = await pids();
    expect(
      await Promise.all([
        heroku('ps:restart', '-d', 'web.9'),
        heroku('ps:restart', '-p', 'clock'),
        heroku('ps:stop', '-d', 'worker.7'),
      ]),
    ).toMatchObject([
      refused('not_found', "Couldn't find that dyno.", 'Restarting dyno web.9 on my-app... !\n'),
      refused('not_found', /that process type|clock/, 'Restarting all clock dynos on my-app... !\n'),
      refused('not_found', "Couldn't find that dyno.", 'Stopping dyno worker.7 on my-app... !\n'),
    ]);
    expect(await pids()).toEqual(before);
  });
});

describe('heroku ps:stop', () => {
  test('stops a dyno or a type, which start again', async () => {
    const { heroku, pids } = await startHeroku();
    const first = await pids();
    expect(await heroku('ps:stop', '--dyno-name', 'worker.1')).toMatchObject(
      done('', 'Stopping dyno worker.1 on my-app... done\n'),
    );
    const second = await pids();
    expect(second['worker.1']).not.toBe(first['worker.1']);
    expect(second['web.1']).toBe(first['web.1']);
    expect(await heroku('ps:stop', '-p', 'web')).toMatchObject(
      done('', 'Stopping all web dynos on my-app... done\n'),
    );
    const third = await pids();
    expect(third['web.1']).not.toBe(second['web.1']);
    expect(third['worker.1']).toBe(second['worker.1']);
  });
});

describe('heroku ps:type', () => {
  test('shows sizes with their prices, and sets them for all types or for one', async () => {
    const { heroku, dynos } = await startHeroku();
    const eco = await heroku('ps:type');
    expect(eco).toMatchObject({ status: 0, stderr: '' });
    expect(eco.stdout).toMatch(/^=== Process Types\n/);
    expect(rows(eco.stdout)).toEqual([
      ['type', 'size', 'qty', 'cost/hour', 'max cost/month'],
      ['web', 'Eco', '1'],
      ['worker', 'Eco', '1'],
      ['type', 'total'],
      ['Eco', '2'],
    ]);
    expect(eco.stdout).toMatch(/\n\$5 \(flat monthly fee, shared across all Eco dynos\)\n$/);

    const action = 'Scaling dynos on my-app... done\n';
    const basic = await heroku('ps:type', 'basic');
    expect(basic).toMatchObject({ status: 0, stderr: action });
    expect(rows(basic.stdout)).toEqual([
      ['type', 'size', 'qty', 'cost/hour', 'max cost/month'],
      ['web', 'Basic', '1', '~$0.010', '$7'],
      ['worker', 'Basic', '1', '~$0.010', '$7'],
      ['type', 'total'],
      ['Basic', '2'],
    ]);
    const each = await heroku('ps:resize', 'web=performance-m', 'worker=standard-1x');
    expect(each).toMatchObject({ status: 0, stderr: action });
    expect(rows(each.stdout)).toContainEqual(['web', 'Performance-M', '1', '~$0.347', '$250']);
    expect(rows(each.stdout)).toContainEqual(['worker', 'Standard-1X', '1', '~$0.035', '$25']);
    await expect.poll(dynos).toMatchObject({
      'web.1': { size: 'Performance-M', state: 'up' },
      'worker.1': { size: 'Standard-1X', state: 'up' },
    });
  });

  test('changes nothing for a type or size that there is not', async () => {
    const { heroku, pids, dynos } = await startHeroku();
    const before = await pids();
    expect(await heroku('ps:type', 'web=basic', 'clock=basic')).toMatchObject(
      complained('Error: Type clock not found in process formation. Types: web, worker'),
    );
    expect(await heroku('ps:resize', 'huge')).toMatchObject(
      refused('invalid_params', /huge/, 'Scaling dynos on my-app... !\n'),
    );
    expect(await pids()).toEqual(before);
    expect(await dynos()).toMatchObject({ 'web.1': { size: 'Eco' }, 'worker.1': { size: 'Eco' } });
  });
});

describe('heroku ps:wait', () => {
  test('waits for the dynos of the newest release, and has nothing to say once all are up', async () => {
    const nap = uniqueNap();
    const { dir, heroku, type, follow } = await startHeroku([], {
      ...FILES,
      Procfile: `web: [ "$SLOW" ] && until [ -e go ]; do read -t 0.01; done; exec node web.js\nworker: exec sleep ${nap}\n`,
    });
    expect(await heroku('ps:wait')).toMatchObject(done(''));
    await type('config:set', 'SLOW=1');
    const waiting = follow('ps:wait');
    await expect.poll(() => waiting.stderr).toMatch(/Waiting for every dyno to be running v2\.\.\. 1 \/ 2/);
    writeFileSync(join(dir, 'go'), '');
    // The CLI looks again after ten seconds.
    expect(await waiting.finished).toMatchObject(done('', /2 \/ 2, done\n$/));
  });
});
