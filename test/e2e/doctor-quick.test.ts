import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXAMPLES, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';

interface Diagnosis {
  readonly verdict: string;
  readonly checks: readonly { readonly id: string; readonly verdict: string; readonly seen: string }[];
}

/** The verdicts of `doctor --quick` that are no `pass`. */
async function verdicts(dir: string): Promise<readonly string[]> {
  const { status, stdout } = await run(['doctor', '--quick', '--json', '--dir', dir]);
  const { verdict, checks }: Diagnosis = JSON.parse(stdout);
  expect(status).toBe(verdict === 'fail' ? 1 : 0);
  expect(checks.map(({ id }) => id)).toEqual([
    'procfile',
    'files',
    'buildpack',
    'versions',
    'dependencies',
    'workers',
  ]);
  return checks.filter((check) => check.verdict !== 'pass').map((check) => `${check.id}: ${check.verdict}`);
}

/** What is wrong with the files of each app in examples/doctor. Nothing is with those of the others. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  procfile: ['procfile: fail'],
  files: ['files: fail'],
  buildpack: ['buildpack: warn'],
  versions: ['versions: warn'],
  dependencies: ['dependencies: fail'],
  workers: ['workers: warn'],
};

test.each(readdirSync(join(EXAMPLES, 'doctor')))(
  'examples/doctor/%s has its own fault only',
  async (name) => {
    expect(await verdicts(join(EXAMPLES, 'doctor', name))).toEqual(FAULTS[name] ?? []);
  },
);

/** Eco dynos sleep, and the examples for that show it. */
const SLEEPERS = ['node-postgres-redis', 'node-web-worker', 'sleepy-counter'];

test.each(readdirSync(EXAMPLES).filter((name) => name !== 'doctor'))(
  'examples/%s has no fault in its files',
  async (name) => {
    const found = await verdicts(join(EXAMPLES, name));
    // The versions depend on the machine.
    const faults = found.filter((fault) => fault !== 'versions: warn');
    expect(faults).toEqual(SLEEPERS.includes(name) ? ['workers: warn'] : []);
  },
);

test('writes every kind of output, and refuses what it does not know', async () => {
  const dir = join(EXAMPLES, 'doctor/dependencies');
  const junit = join(makeFolder(), 'doctor.xml');
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: EXAMPLES };
  const args = ['doctor', '--quick', '--dir', dir, '--skip', 'files,buildpack,versions', '--junit', junit];
  const { status, stdout } = await run(args, { env });
  expect(status).toBe(1);
  expect(stdout.split('\n')).toEqual([
    'pass  procfile      Heroku can read the Procfile',
    expect.stringMatching(
      /^fail {2}dependencies {2}package\.json line 9: `npm start` starts `nodemon`, which is among/,
    ),
    expect.stringMatching(/^pass {2}workers {7}/),
    '',
    '=== dependencies (fail)',
    expect.stringMatching(/^Seen: {2}package\.json line 9: /),
    expect.stringMatching(/^Why: {3}.* https:\/\/devcenter\.heroku\.com\//),
    'Mend:  Move it: npm install --save-prod nodemon',
    '',
    'dependencies: fail (2 pass, 0 warn, 1 fail, 0 skip)',
    expect.stringMatching(
      /^::error file=doctor\/dependencies\/package\.json,line=9,title=dynosim doctor%3A dependencies::/,
    ),
    '',
  ]);
  expect(readFileSync(junit, 'utf8')).toContain('<testcase classname="dynosim doctor" name="dependencies"');
  for (const [flags, message] of [
    [['--only', 'procfle'], 'dynosim: doctor has no question `procfle`. Did you mean procfile?\n'],
    [
      ['--skip', 'procfile,files,buildpack,versions,dependencies,workers'],
      /^dynosim: These flags leave no question to ask/,
    ],
    [['--path', 'health'], /Give the path of a URL, for example \/health\./],
    [['--formation', 'nope=1'], /there is no process type `nope`/],
    [['--junit', '/nonexistent/x.xml'], /\/nonexistent\/x\.xml cannot be written/],
    [
      ['--only', 'files', '--dir', '/nonexistent'],
      "dynosim: There is no folder /nonexistent. Name the app's folder with --dir.\n",
    ],
  ] as const) {
    const refused = await run(['doctor', '--quick', '--dir', dir, ...flags]);
    expect(refused).toMatchObject({
      status: 1,
      stderr: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  }
  expect(await run(['doctor', '--quik'])).toMatchObject({ status: 2 });
});

test('refuses the flags of start that would change no answer, and ignores them in .dynosimrc', async () => {
  const refused = await run(['doctor', '--quick', '--speed', '60']);
  expect(refused).toMatchObject({
    status: 2,
    stderr: "dynosim: unknown option '--speed'. See dynosim doctor --help.\n",
  });
  const dir = makeFolder({ Procfile: 'web: node web.js', '.dynosimrc': '--speed 60\n--size basic' });
  expect((await run(['doctor', '--quick', '--only', 'procfile', '--dir', dir])).status).toBe(0);
});
