import { cpSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dynosim, EXAMPLES, run } from '../helpers/dynosim.js';
import { makeFolder } from '../helpers/folder.js';
import { processesWith, uniqueNap, untilGone } from '../helpers/processes.js';

const APPS = join(EXAMPLES, 'doctor');

/** Every question has an answer, and each is `pass`. */
const NOTHING = 'nothing';

/** Each app: what is asked, and what is found. */
const FAULTS: Readonly<Record<string, { readonly args: string; readonly finds: string }>> = {
  // All questions, and it passes each of them. It takes longest, so it begins first.
  healthy: { args: '--path /slow --release', finds: NOTHING },
  boot: { args: '--only boot,port,interface,config --boot-timeout 2s', finds: 'boot fail' },
  'boot-slow': { args: '--only boot,sleep --boot-timeout 5s', finds: 'boot warn' },
  port: { args: '--only boot,port,interface,config --boot-timeout 3s', finds: 'port fail' },
  interface: { args: '--only boot,port,interface,config', finds: 'interface fail' },
  config: { args: '--only boot,port,interface,config', finds: 'config fail' },
  'config-late': { args: '--only boot,port,answer,restart,config', finds: 'config fail' },
  answer: { args: '--only answer,https,host,sleep,state', finds: 'answer fail' },
  https: { args: '--only answer,https,host', finds: 'https warn' },
  host: { args: '--only answer,https,host', finds: 'host fail' },
  sigterm: { args: '--only sigterm,logs --shutdown-timeout 1s', finds: 'sigterm fail' },
  inflight: { args: '--only inflight,sigterm', finds: 'inflight fail' },
  restart: { args: '--only restart,sigterm,disk', finds: 'restart fail' },
  'healthy-lock': { args: '--only restart', finds: NOTHING },
  sleep: { args: '--only restart,sleep', finds: 'sleep fail' },
  'sleep-schedule': { args: '--only sleep', finds: 'sleep warn' },
  state: { args: '--only sleep,state', finds: 'state warn' },
  disk: { args: '--only disk', finds: 'disk warn' },
  memory: { args: '--only memory,sigterm,logs --memory-quota 100m', finds: 'memory fail' },
  'memory-growth': { args: '--only memory', finds: 'memory warn' },
  logs: { args: '--only restart,logs', finds: 'logs warn' },
  'logs-color': { args: '--only logs', finds: 'logs warn' },
  release: { args: '--only release --release', finds: 'release fail' },
};

/** Tested below, with a secret. */
const WITH_SECRET = 'logs-secret';

/** Their faults are in their files: doctor-quick.test.ts. */
const OF_FILES = ['procfile', 'files', 'buildpack', 'versions', 'dependencies', 'workers', 'healthy-workers'];

/** How many are examined at the same time. */
const AT_ONCE = 3;

interface Found {
  readonly checks: readonly { readonly id: string; readonly verdict: string; readonly seen: string }[];
}

async function examine(dir: string, args: readonly string[], env = {}): Promise<Found> {
  const { stdout } = await run(['doctor', '--dir', dir, '--json', ...args], { env });
  return JSON.parse(stdout) as Found;
}

/** What is not as it should be: `boot fail`. */
function faultsIn({ checks }: Found): string {
  const faults = checks.filter(({ verdict }) => verdict === 'warn' || verdict === 'fail');
  if (faults.length === 0 && checks.every(({ verdict }) => verdict === 'pass')) return NOTHING;
  return faults.map(({ id, verdict }) => `${id} ${verdict}`).join(', ');
}

test('each fault is found by the question that names it, and by no other', { timeout: 180_000 }, async () => {
  expect([...Object.keys(FAULTS), WITH_SECRET, ...OF_FILES].sort()).toEqual(readdirSync(APPS).sort());
  const left = Object.entries(FAULTS);
  // What an app leaves in there ends with the test.
  const env = { TMPDIR: makeFolder() };
  const found: Record<string, string> = {};
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, { args }] = next;
      found[name] = faultsIn(await examine(join(APPS, name), args.split(' '), env));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(found).toEqual(Object.fromEntries(Object.entries(FAULTS).map(([name, { finds }]) => [name, finds])));
});

/** The files below a folder and what is in them. */
function contentsOf(dir: string): Readonly<Record<string, string>> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), 'latin1'),
    ]),
  );
}

/** Copies in the folder for temporary ones. */
function copiesIn(tmp: string): readonly string[] {
  return readdirSync(tmp).filter((name) => name.startsWith('dynosim-doctor-'));
}

test('what an app writes goes to a copy, which is gone afterwards', async () => {
  const dir = makeFolder();
  cpSync(join(APPS, 'disk'), dir, { recursive: true });
  const tmp = makeFolder();
  const before = contentsOf(dir);
  expect(faultsIn(await examine(dir, ['--only', 'disk'], { TMPDIR: tmp }))).toBe('disk warn');
  expect(contentsOf(dir)).toEqual(before);
  expect(copiesIn(tmp)).toEqual([]);
});

test('the secret that an app prints is named, and not shown', async () => {
  const secret = 'pk_live_51H8a7b6';
  const dir = makeFolder({ '.env': `PAYMENT_KEY=${secret}\n` });
  cpSync(join(APPS, WITH_SECRET), dir, { recursive: true });
  const found = await examine(dir, ['--only', 'logs']);
  expect(found.checks).toMatchObject([{ verdict: 'warn', seen: 'It prints the value of PAYMENT_KEY.' }]);
  expect(JSON.stringify(found)).not.toContain(secret);
});

test('a config var that only the shell has is missing with --clean-env', async () => {
  const env = { DOCTOR_API_KEY: 'x' };
  const dir = join(APPS, 'config');
  expect(faultsIn(await examine(dir, ['--only', 'config'], env))).toBe(NOTHING);
  expect(faultsIn(await examine(dir, ['--only', 'config', '--clean-env'], env))).toBe('config fail');
});

test('dynos get what --buildpack-env and --dyno-metadata set', async () => {
  const needs = (name: string) => `if (!process.env.${name}) throw Error('Missing ${name}');`;
  const dir = makeFolder({
    Procfile: 'web: node web.js\n',
    'package.json': '{ "type": "module" }',
    'web.js': `${needs('NODE_ENV')} ${needs('HEROKU_APP_NAME')}
      (await import('node:http')).createServer((_, res) => res.end()).listen(process.env.PORT);`,
  });
  expect(faultsIn(await examine(dir, ['--only', 'config', '--buildpack-env', 'full']))).toBe('config fail');
  const args = ['--only', 'config', '--buildpack-env', 'full', '--dyno-metadata'];
  expect(faultsIn(await examine(dir, args))).toBe(NOTHING);
});

test('--memory-quota replaces what the size of a dyno allows', async () => {
  const { checks } = await examine(join(APPS, 'healthy'), ['--only', 'memory', '--memory-quota', '5m']);
  expect(checks).toMatchObject([{ verdict: 'fail', seen: expect.stringMatching(/its quota is 5 MB\.$/) }]);
});

test('a worker that crashes by itself is named; one that has done its work is not', async () => {
  const dir = makeFolder();
  cpSync(join(APPS, 'healthy'), dir, { recursive: true });
  const procfile = 'web: node web.js\nseed: true\n';
  writeFileSync(join(dir, 'Procfile'), procfile);
  expect(faultsIn(await examine(dir, ['--only', 'restart,config']))).toBe(NOTHING);
  writeFileSync(join(dir, 'Procfile'), `${procfile}jobs: echo no such queue >&2; exit 3\n`);
  expect((await examine(dir, ['--only', 'boot,restart,config'])).checks).toMatchObject([
    { id: 'boot', verdict: 'pass' },
    { id: 'restart', verdict: 'fail', seen: 'jobs.1 crashes: `no such queue`.' },
    { id: 'config', verdict: 'pass' },
  ]);
});

/** Examines a healthy app that has processes of every stubborn kind, until something of it is known. */
async function startExamination() {
  const nap = uniqueNap();
  const tmp = makeFolder();
  const jobs = 'setsid sh -c "trap \\"\\" TERM; sleep NAP; sleep NAP" & sleep NAP & wait'.replaceAll(
    'NAP',
    nap,
  );
  const dir = makeFolder();
  cpSync(join(APPS, 'healthy'), dir, { recursive: true });
  writeFileSync(join(dir, 'Procfile'), `web: node web.js\njobs: ${jobs}\n`);
  const args = ['doctor', '--dir', dir, '--only', 'host,memory', '--shutdown-timeout', '300ms'];
  const doctor = dynosim(args, { env: { TMPDIR: tmp } });
  await doctor.printed(/^pass {2}host/m);
  expect(processesWith(nap)).not.toEqual([]);
  expect(copiesIn(tmp)).toHaveLength(1);
  return { doctor, nap, tmp };
}

test.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the app, and removes its copy', async ([signal, status]) => {
  const { doctor, nap, tmp } = await startExamination();
  expect((await doctor.stop(signal)).status).toBe(status);
  expect(processesWith(nap)).toEqual([]);
  expect(copiesIn(tmp)).toEqual([]);
});

test('SIGKILL leaves no process; the copy is removed by a later run', async () => {
  const { doctor, nap, tmp } = await startExamination();
  await doctor.stop('SIGKILL');
  await untilGone(nap);
  const [copy = ''] = copiesIn(tmp);
  utimesSync(join(tmp, copy), 0, 0);
  await examine(join(APPS, 'healthy'), ['--only', 'port'], { TMPDIR: tmp });
  expect(copiesIn(tmp)).toEqual([]);
});
