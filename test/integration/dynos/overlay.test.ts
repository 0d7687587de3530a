import { once } from 'node:events';
import { chmodSync, chownSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { systemClock } from '../../../src/base/clock.js';
import { findProgram } from '../../../src/base/find-program.js';
import {
  type Containment,
  type ProcessTree,
  startContainment,
  type TreeSpec,
  whyNoOverlay,
} from '../../../src/dynos/contain/index.js';
import { makeFolder } from '../../helpers/folder.js';
import { processesWith, uniqueNap, untilGone } from '../../helpers/processes.js';

const { PATH = '' } = process.env;
const NOBODY = 65534;

interface World {
  readonly containment: Containment;
  /** Where the trees run. */
  readonly dir: string;
  /** Where they keep what they change. */
  readonly overlay: string;
}

async function startWorld({ path = PATH, portable = false } = {}): Promise<World> {
  // Names that the options of a mount would have to quote.
  const root = makeFolder({ 'app: 1,2\\3/kept': 'kept\n', 'app: 1,2\\3/lib/one': '1\n', 'run,:\\ 1/': '' });
  const { platform } = process;
  const containment = await startContainment({ platform, path, portable, clock: systemClock });
  onTestFinished(() => containment.close());
  expect(containment.gaps).toHaveLength(portable ? 1 : 0);
  return { containment, dir: join(root, 'app: 1,2\\3'), overlay: join(root, 'run,:\\ 1') };
}

/** A world whose guard and trees are a user's who may do nothing. */
async function startNobodysWorld(): Promise<World> {
  const bin = makeFolder({
    perl: `#!/bin/sh\nexec setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups ${findProgram('perl', PATH)} "$@"\n`,
  });
  chmodSync(join(bin, 'perl'), 0o755);
  const world = await startWorld({ path: `${bin}:${PATH}` });
  const { dir, overlay } = world;
  for (const folder of [bin, join(dir, '..')]) chmodSync(folder, 0o755);
  for (const file of ['.', 'kept', 'lib', 'lib/one']) chownSync(join(dir, file), NOBODY, NOBODY);
  chownSync(overlay, NOBODY, NOBODY);
  return world;
}

/** Skips the test where its user can have no overlay. */
async function skipWithout({ containment, dir, overlay }: World, { skip }: TestContext): Promise<void> {
  const why = await whyNoOverlay(containment, dir, overlay);
  skip(why !== undefined, why);
}

function startTree(
  { containment, dir, overlay }: World,
  script: string,
  changes: Partial<TreeSpec> = {},
): Promise<ProcessTree> {
  const command = ['bash', '-c', script] as const;
  return containment.start({ name: 'web.1', cwd: dir, overlay, env: { PATH }, command, ...changes });
}

async function outputOf(starting: ProcessTree | Promise<ProcessTree>): Promise<string> {
  const tree = await starting;
  const output = await text(tree.output);
  await tree.exited;
  return output;
}

async function untilReady({ output }: ProcessTree): Promise<void> {
  expect(String((await once(output, 'data'))[0]).trim()).toBe('ready');
  output.resume();
}

function contentOf(dir: string) {
  return {
    names: readdirSync(dir).sort(),
    kept: readFileSync(join(dir, 'kept'), 'utf8'),
    lib: readdirSync(join(dir, 'lib')),
  };
}

const UNTOUCHED = { names: ['kept', 'lib'], kept: 'kept\n', lib: ['one'] };

const USERS = [
  ['this user', startWorld],
  ...(process.getuid?.() === 0 ? [['a user without rights', startNobodysWorld] as const] : []),
] as const;

describe.each(USERS)('behind an overlay, as %s', (_user, makeWorld) => {
  test('a tree sees its folder where it is, and what it changes there ends with it', async (context) => {
    const world = await makeWorld();
    await skipWithout(world, context);
    const { dir } = world;
    const script =
      'pwd; cat kept; echo new | tee -a new kept >/dev/null; rm -r lib; mkdir lib; echo *; ls lib; cat kept';
    const seen = `${dir}\nkept\nkept lib new\nkept\nnew\n`;
    expect(await outputOf(startTree(world, script))).toBe(seen);
    expect(contentOf(dir)).toEqual(UNTOUCHED);
    expect(await outputOf(startTree(world, script))).toBe(seen);
  });

  test('each of two trees has its own', async (context) => {
    const world = await makeWorld();
    await skipWithout(world, context);
    const first = await startTree(world, 'echo mine > new; echo ready; read; cat new');
    await untilReady(first);
    // The end of one removes leftovers; what another one uses is none.
    expect(await outputOf(startTree(world, 'echo *; echo yours > new'))).toBe('kept lib\n');
    const { output, input } = first;
    const rest = text(output);
    input.end('\n');
    expect(await rest).toBe('mine\n');
  });

  test('nothing of it is left, whatever modes its folders have and however deep they are', async (context) => {
    const world = await makeWorld();
    await skipWithout(world, context);
    const warnings: Error[] = [];
    const onWarning = (warning: Error): number => warnings.push(warning);
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    const deep = `mkdir -p ${'d/'.repeat(150)}e`;
    const script = `${deep}; mkdir -m 700 a a/b; touch a/b/c; ln -s "$PWD/kept" a/l; chmod 000 a/b; chmod 500 a`;
    expect(await outputOf(startTree(world, script))).toBe('');
    await world.containment.close();
    expect(readdirSync(world.overlay)).toEqual([]);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(basename(dirname(world.dir)));
    expect(contentOf(world.dir)).toEqual(UNTOUCHED);
    expect(warnings).toEqual([]);
  });

  test('a process that has left its session and parent ends as ever', async (context) => {
    const world = await makeWorld();
    await skipWithout(world, context);
    const nap = uniqueNap();
    const tree = await startTree(
      world,
      `(trap "" TERM; setsid sleep ${nap} & ) & wait; echo ready; sleep ${nap}`,
    );
    await untilReady(tree);
    tree.signal('SIGKILL');
    await tree.exited;
    expect(processesWith(nap)).toEqual([]);
  });

  test('what a killed init leaves is removed at the end of the next tree', async (context) => {
    const world = await makeWorld();
    await skipWithout(world, context);
    const nap = uniqueNap();
    const tree = await startTree(world, `echo ready; sleep ${nap}`);
    await untilReady(tree);
    process.kill(tree.root, 'SIGKILL');
    await tree.exited;
    await untilGone(nap);
    expect(readdirSync(world.overlay).join()).toContain('web.1.');
    await outputOf(startTree(world, ':'));
    await world.containment.close();
    expect(readdirSync(world.overlay)).toEqual([]);
  });

  test('a tree has the rights that it has without one', async (context) => {
    const world = await makeWorld();
    await skipWithout(world, context);
    const script = 'grep ^Cap[^B] /proc/self/status; id -u; id -g; stat -c "%a %u %g" .';
    const rights = await outputOf(startTree(world, script));
    expect(rights).toMatch(/^CapInh:.*\nCapPrm:.*\nCapEff:.*\nCapAmb:/);
    const command = ['bash', '-c', script] as const;
    const usual = await world.containment.start({ name: 'web.2', cwd: world.dir, env: { PATH }, command });
    expect(rights).toBe(await outputOf(usual));
  });

  test('a tree can have a terminal', async (context) => {
    const world = await makeWorld();
    await skipWithout(world, context);
    const terminal = { columns: 91, rows: 17 };
    const tree = await startTree(world, 'stty size; echo new > new; echo *', { terminal });
    expect(await outputOf(tree)).toBe('17 91\r\nkept lib new\r\n');
    expect(contentOf(world.dir)).toEqual(UNTOUCHED);
  });
});

describe.runIf(process.platform === 'linux')('without an overlay', () => {
  test('a tree does not start that should have one, and says why', async () => {
    const world = await startWorld();
    const tree = await startTree(world, 'echo new > new', { overlay: join(world.overlay, 'nowhere') });
    expect(await outputOf(tree)).toMatch(
      /^No overlay can be put over .*: cannot make .*: No such file or directory\n$/,
    );
    expect(await tree.exited).toEqual({ status: 126 });
    expect(contentOf(world.dir)).toEqual(UNTOUCHED);
  });

  test.each<[string, (world: World) => Partial<World>, RegExp]>([
    ['the system refuses', () => ({ dir: '/proc' }), /^No overlay can be put over \/proc: \w+: /],
    ['the folder for changes cannot be made', () => ({ overlay: '/proc/none/run' }), /^ENOENT: /],
    [
      'the folder for changes is one of the app',
      ({ dir }) => ({ overlay: join(dir, 'run') }),
      /\/run is inside \/.*app.*$/,
    ],
    ['part of the folder is mounted', () => ({ dir: '/dev' }), /^something else is mounted at \/dev\/\w+/],
  ])('it is known why if %s', async (_, changes, why) => {
    const world = await startWorld();
    const { containment, dir, overlay } = { ...world, ...changes(world) };
    expect(await whyNoOverlay(containment, dir, overlay)).toMatch(why);
  });

  test('it is known why if there is no guard', async () => {
    const { containment, dir, overlay } = await startWorld({ portable: true });
    expect(await whyNoOverlay(containment, dir, overlay)).toBe('an overlay needs the guard');
  });
});
