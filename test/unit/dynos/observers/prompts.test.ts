import { expect, test } from 'vitest';
import { LiveRun } from '../../../../src/dynos/live-run.js';
import { watchPrompts } from '../../../../src/dynos/observers/prompts.js';
import type { RunPlan } from '../../../../src/dynos/run-plan.js';
import { fakeWorld } from '../../../helpers/fake-world.js';
import { settle } from '../../../helpers/manual-clock.js';

/** A run whose output the test writes. */
async function startRun(changes: Partial<RunPlan> = {}) {
  const { world, clock, containment, observers, lines, plan, log } = fakeWorld();
  observers.push(watchPrompts(clock));
  const run = new LiveRun('id', plan('worker', 'worker.1', changes), world, log('worker.1'));
  run.start();
  await settle();
  const print = async (text: string): Promise<void> => {
    containment.of('worker.1').output.write(text);
    await settle();
  };
  return {
    run,
    clock,
    print,
    tree: containment.of('worker.1'),
    remarks: () => lines.filter((line) => /prompt/.test(line)),
  };
}

test.each([
  '(Pdb) ',
  '((Pdb)) ',
  'ipdb> ',
  '>>> ',
  'In [12]: ',
  '\x1b[?2004h\x1b[32m>>> \x1b[0m',
  'irb(main):001:0> ',
  'irb(main):001> ',
  '[1] pry(main)> ',
  '(byebug) ',
  '(rdbg) ',
  '\x1b[1G\u25bd\x1b[6n',
])('a run that is silent after %j gets one remark, which names the command', async (prompt) => {
  const { clock, print, remarks } = await startRun();
  await print(`> app.py(3)\n${prompt.slice(0, 3)}`);
  await print(prompt.slice(3));
  await clock.advance(1999);
  expect(remarks()).toEqual([]);
  await clock.advance(1);
  const remark = 'dynosim[worker.1]: waits for input at a prompt. To give it: dynosim ps:attach worker.1';
  expect(remarks()).toEqual([remark]);
  await print(`42\n${prompt}`);
  await clock.advance(10_000);
  expect(remarks()).toEqual([remark]);
});

test.each(['(Pdb) \n', 'Listening... ', '50 %> ', 'done'])('%j is no prompt', async (text) => {
  const { clock, print, remarks } = await startRun();
  await print(text);
  await clock.advance(10_000);
  expect(remarks()).toEqual([]);
});

test('a prompt that is answered, or that somebody attached sees, needs no remark', async () => {
  const { run, clock, print, remarks } = await startRun();
  await print('(Pdb) ');
  await clock.advance(1000);
  await print('42\n');
  await clock.advance(10_000);
  const input = run.io.openInput();
  await print('(Pdb) ');
  await clock.advance(10_000);
  expect(remarks()).toEqual([]);
  input.destroy();
  await print('\n(Pdb) ');
  await clock.advance(2000);
  expect(remarks()).toHaveLength(1);
});

test('a client of its own sees the prompt', async () => {
  const { clock, print, remarks } = await startRun({ hasClient: true });
  await print('(Pdb) ');
  await clock.advance(10_000);
  expect(remarks()).toEqual([]);
});

test('a run that ends at a prompt leaves no timer behind', async () => {
  const { clock, print, tree, remarks } = await startRun();
  await print('(Pdb) ');
  tree.exit(0);
  await settle();
  expect(clock.pending).toBe(0);
  expect(remarks()).toEqual([]);
});
